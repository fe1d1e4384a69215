"""Photos of labels in the chat."""

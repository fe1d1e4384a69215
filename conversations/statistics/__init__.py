"""Statistics in the chat."""

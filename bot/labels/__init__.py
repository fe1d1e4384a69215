"""Photos of labels beside the turns."""

"""Useful documents in the chat."""

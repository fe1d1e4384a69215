"""Bulk requests in the chat."""

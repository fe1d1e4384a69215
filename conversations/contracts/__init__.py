"""Contracts in the chat."""

"""Registrations in the chat."""

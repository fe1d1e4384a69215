"""Invitations in the chat."""

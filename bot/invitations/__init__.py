"""Invitations beside the turns."""

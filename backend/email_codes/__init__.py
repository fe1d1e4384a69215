"""Codes that prove that somebody reads a mailbox."""

"""Contracts beside the turns, and on the command line."""

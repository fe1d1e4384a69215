"""Useful documents beside the turns."""

"""Upkeep of the tickets."""

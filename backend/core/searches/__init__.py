"""Searches that a person has set up: buttons name them by their number."""

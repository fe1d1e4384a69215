"""Showing in the staff group what happens; looking at a group before it is chosen."""

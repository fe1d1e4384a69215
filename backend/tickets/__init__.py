"""Requests for assistance: opened by integrators, answered by the staff."""

"""Figures of the service's use, and their pictures."""

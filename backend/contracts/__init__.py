"""Contracts, and the people whom they name."""

"""Bulk requests beside the turns."""

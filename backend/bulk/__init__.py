"""Bulk requests: associations from a table that a member sends."""

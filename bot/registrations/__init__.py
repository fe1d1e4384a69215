"""Registrations beside the turns."""

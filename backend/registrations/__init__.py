"""Registrations of people who want to use the service."""

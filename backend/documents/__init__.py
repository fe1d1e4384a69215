"""Useful documents: folders of files that the service gives to System Integrators, in versions."""

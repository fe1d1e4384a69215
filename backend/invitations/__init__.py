"""Invitations to an integrator."""

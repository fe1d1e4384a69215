"""Watches on PODs whose meter is out of reach."""

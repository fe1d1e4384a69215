"""Assistance: the decision tree, the ticket, the desk of the staff."""

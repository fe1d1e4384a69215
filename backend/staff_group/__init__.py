"""The staff group: a forum in which the staff works together, a topic for each subject."""

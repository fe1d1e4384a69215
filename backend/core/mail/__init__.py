"""E-mail: one plain message to one address."""

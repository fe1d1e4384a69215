"""The staff group: choosing it, leaving it, being told that it is lost."""

"""Photos of labels: the codes that are printed there as symbols."""

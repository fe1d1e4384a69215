"""`make bench`: every figure that the documents quote, measured beside peers in the same run."""

"""GESIS meters: the factor K, and the values at the primary."""

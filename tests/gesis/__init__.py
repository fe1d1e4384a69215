"""Tests of the factor K of GESIS meters."""

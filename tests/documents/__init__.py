"""Tests of useful documents."""

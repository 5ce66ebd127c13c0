"""Checks that a sentence is supported by the passages it cites."""

"""Generators: evidence to draft sentences."""

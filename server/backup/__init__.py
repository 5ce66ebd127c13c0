"""Copies of a data folder: made, listed, and brought back."""

"""Fits the adapters of the bundled encoder and of the reader on the tuning half of the invented shops."""

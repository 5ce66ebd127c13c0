"""Implementations of the encoder interface, and the set-up of the bundled one."""

"""Ingest runs: recorded, watched, started over HTTP, and told to the operator."""

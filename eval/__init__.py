"""Measurement as programs: retrieval, golden questions, speed."""

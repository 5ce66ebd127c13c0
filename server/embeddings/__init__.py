"""Vectors of a caller's texts: the request, the encoding, the response."""

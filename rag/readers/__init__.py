"""Readers: what tells the sentence that answers from the one that only sounds like it."""

"""Writes the sample shop's product manuals as PDF: `python -m kb.sample.generator.manuals OUT_FOLDER`."""

"""Parsers: the bytes of one file to drafts of documents. They run in child processes and know nothing of sources or versions."""

"""Sources to parsed documents to passages to vectors to the next knowledge base version."""

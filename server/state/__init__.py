"""What the service remembers besides the knowledge base: API keys and secrets, in SQLite."""

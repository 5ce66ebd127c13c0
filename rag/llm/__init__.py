"""A language model behind an OpenAI-compatible server: the client, its prompt, its budget, and what to do when it fails."""

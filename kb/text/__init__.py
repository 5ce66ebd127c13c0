"""Text tools: languages, tokens, sentences, numbers."""

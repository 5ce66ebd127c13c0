"""The chat endpoint: OpenAI's request to a query, and an answer to OpenAI's response, whole or streamed."""

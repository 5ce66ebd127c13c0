"""One question to one grounded answer: rewrite, retrieve, rerank, prompt, generate, verify, cite."""

"""The knowledge base: documents, passages, versions, encoder, vector and lexical search, text tools."""

"""A language model of one's own: vLLM in its own environment, as a child process that is watched."""

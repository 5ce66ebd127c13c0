"""The faces: HTTP API, command line, settings, keys and state. The only place that wires things together."""

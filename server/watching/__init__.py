"""Watching: metrics for Prometheus, log lines and traces, all drawn from one record of each request (docs/watching.md)."""

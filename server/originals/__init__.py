"""The documents behind citations, shown to a browser."""

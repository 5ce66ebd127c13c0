"""Web addresses as sources: only hosts on a list, and only public addresses behind them."""

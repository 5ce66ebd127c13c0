"""What is held about one customer, deleted with a proof."""

"""Personal data in what people write: found by its form and its surroundings, and masked, also while it is still being written."""

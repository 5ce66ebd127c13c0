"""What can be compared literally in a text: numbers, quantities with their units, dates, codes, addresses."""

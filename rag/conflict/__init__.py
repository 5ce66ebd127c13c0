"""What tells a contradiction between two passages from two rules for two things."""

"""What changed between two versions, as an operator sees it: gathered once, shown as text, JSON or a page."""

"""The lead's board: what is at risk and what would save it, today against capacity, how well we kept our word."""

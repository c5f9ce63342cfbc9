"""`Hit`s → `Answer`."""

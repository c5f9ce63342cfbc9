"""Question → `Query` → ranked `Hit`s."""

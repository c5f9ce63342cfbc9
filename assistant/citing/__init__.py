"""Find, resolve and verify citations."""

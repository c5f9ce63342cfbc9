"""`Document` → provisions and sentences."""

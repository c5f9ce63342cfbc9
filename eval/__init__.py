"""Questions, runners and committed reports: how well the assistant finds, quotes and abstains, and how fast."""

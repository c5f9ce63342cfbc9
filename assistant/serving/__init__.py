"""What outlives a request: the record of answers and checks, who to hand a caller to, and the sheet for them."""

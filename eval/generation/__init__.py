"""How often a weak language model would have misled, without the verification of its statements and with it."""

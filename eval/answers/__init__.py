"""How good whole answers are: status, grounds, gaps, warnings, dialogues (`python -m eval.answers`)."""

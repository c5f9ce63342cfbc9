"""How the shipped embedder was trained: the texts, people's and generated questions, and what is shared in training."""

"""How the shipped models were trained: texts, generated questions, a teacher that judges them, and its two students."""

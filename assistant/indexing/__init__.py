"""Provisions → the store: embedder, full text, vectors, atomic ingest."""

"""Files → `Document`: decoding, PDF, Word, HTML, tables, the manifest."""

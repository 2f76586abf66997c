"""Text as images of one row: embeddings, and how they are kept as 8-bit numbers."""

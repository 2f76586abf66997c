"""Official files fetched from their addresses."""

"""Official files of data sets: what they are, and how each published format is read."""

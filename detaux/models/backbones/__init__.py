"""Networks from images to features, one a file."""

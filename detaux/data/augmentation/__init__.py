"""The augmentations, one a file."""

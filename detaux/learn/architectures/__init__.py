"""Ways to share a network between tasks, one a file."""

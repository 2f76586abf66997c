"""The splitting rules, one a file."""

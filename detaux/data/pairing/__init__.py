"""The pairing rules, one a file."""

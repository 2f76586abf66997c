"""Rules from several losses to one update, one a file."""

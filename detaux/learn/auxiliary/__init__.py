"""Where the auxiliary task comes from: the discovered one, and the controls beside it, one a file."""

"""Tables as text: one format a file, each a function from a `Table` to a string."""

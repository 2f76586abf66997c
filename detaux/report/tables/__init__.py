"""Tables, one a file: a registered function from results to a `Table`."""

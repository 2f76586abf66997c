"""Labels that are there before training: columns of stage two, factors, their groups."""

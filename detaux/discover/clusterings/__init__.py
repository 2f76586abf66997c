"""Ways to cluster a subspace's codes: one file each, registered in `detaux.discover.registries`."""

"""Rules that choose the subspace to cluster: one file each, registered in `detaux.discover.registries`."""

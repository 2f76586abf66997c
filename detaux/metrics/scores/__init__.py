"""Metrics, one a file, registered in `detaux.metrics.registry`."""

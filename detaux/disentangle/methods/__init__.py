"""One file a disentangler; none knows another."""

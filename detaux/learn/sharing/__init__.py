"""What architectures are built of: towers, experts, scales."""

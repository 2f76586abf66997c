"""What tells the classes of a batch: tables, draws, nets that learn to."""

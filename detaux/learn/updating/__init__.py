"""What weightings are built of: gradients a task, solvers, memories; the door to torchjd."""

"""The one training loop, and what it needs: device and precision, rates over the steps, history, in-job checkpoints."""

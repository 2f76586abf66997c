"""One file a stage; each has `run(context)` and writes its artifact's files into `context.out`."""

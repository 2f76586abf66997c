"""Ways to run a job graph: `inline` in this process, `ray` on this machine or a cluster.

Each has `execute(graph, store, ...) -> ExecutionReport`; which job may run when is decided in `schedule.py` alone.
"""

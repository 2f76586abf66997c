"""Stages as functions of (config, input artifacts) to an artifact, and the store they are kept in.

Read `job.py` first, then `store.py`, `run.py`, and the stages in `stages/`.
"""

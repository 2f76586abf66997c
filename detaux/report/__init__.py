"""From results to frames, tables, figures and one page; nothing is run here, and neither torch nor ray is imported.

Read `results.py` first, then `api.py`. A new table is a file in `tables/`, a new figure a file in `figures/`.
"""

"""A twin of MPI3D: the same factors, places and colours, drawn by us; it is like MPI3D, but its images are not MPI3D's.

`scene` holds the measured numbers, `camera` looks, `arm` moves, `solids` and `backdrop` are looked at, `strokes` draws
the arm, `sprites` the objects, `prepare` keeps both, and `compose` pastes them into images.
"""

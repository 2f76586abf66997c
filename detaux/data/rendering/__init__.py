"""3D Shapes made again: a ray-caster of the scene, and its exact recolouring.

`scene` holds the measured numbers, `camera` looks, `solids` and `room` are looked at, `light` falls on them,
`maps` keeps what is seen in a form that any colours can be put into, and `recolour` puts them in.
"""

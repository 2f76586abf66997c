"""The scene of 3D Shapes in numbers, fitted to 35 images of the official set.

The room's centre is the origin, its floor is z = 0, and the unit is a third of the camera's distance. With these
numbers rendered images differ from the official ones by 3.6 grey levels of 255 on average: the walls' faint texture,
single pixels at edges and the highlights of a coarse mesh are not modelled.

Source: measured from the images that the data set's repository shows (github.com/google-deepmind/3d-shapes).
"""

from __future__ import annotations

import colorsys

import numpy as np
from numpy.typing import NDArray

RENDERER_VERSION = 1
"""Raised by hand when rendered images change."""

SHAPES = ("cube", "cylinder", "sphere", "capsule")
SCALES = np.linspace(0.75, 1.25, 8)
ORIENTATIONS = np.linspace(-np.pi / 6, np.pi / 6, 15)
"""Angles in radians by which the camera has gone round the room."""
HUES = np.arange(10) / 10

PIXELS = 64
"""Rows and columns of an image."""
FOCAL_PIXELS = 79.466
"""Focal length: 43.9 degrees of view from top to bottom."""
CAMERA_DISTANCE = 3.0
CAMERA_HEIGHT = 0.83989
CAMERA_PITCH = 0.023891
"""Radians by which the camera looks down."""

ROOM_HALF_WIDTH = 3.25294
WALL_HEIGHT = 1.87507

CUBE_HALF_EDGE = 0.375963
CYLINDER_RADIUS = 0.401712
CYLINDER_HEIGHT = 0.815479
SPHERE_RADIUS = 0.442687
CAPSULE_RADIUS = 0.346341
CAPSULE_HALF_LENGTH = 0.341222
"""Half the length of the straight part."""
OBJECT_LIFT = -0.0065019
"""Height of the object's lowest point."""

AMBIENT = 0.332130
HEADLIGHT = 0.627771
"""Light along the camera's axis, without shadow."""
SPOT = 0.962323
"""Light of the one lamp that casts shadows."""
SPOT_POSITION = (-1.237703, 0.881294, 6.638058)
SPOT_TARGET = (-1.419142, 0.384761, 0.0)
SPOT_EXPONENT = 8.061303
SPECULAR = 0.077585
SHININESS = 2.0
WALL_GAIN = 0.973687
"""Share of the light that the walls give back, the floor's being 1."""

SKY_RGB = (153, 226, 249)
"""Flat, of 255."""
NUM_LEVELS = 6
"""A hue's channels take only the levels 0, 0.2, 0.4, 0.6, 0.8 and 1."""


def hue_levels() -> NDArray[np.int64]:
    """Return the level of each channel of each hue, shape (10, 3), in 0 to 5."""
    colours = [colorsys.hsv_to_rgb(hue, 1, 1) for hue in HUES]
    return np.array(np.rint(np.array(colours) * (NUM_LEVELS - 1)), dtype=np.int64)

"""The scene of MPI3D toy in numbers, fitted to 280 published frames (two of the repository's animations).

The post's axis is upright, its top one unit above the origin. The arm's real kinematics are not public. Pinhole
cameras, a rod that tilts and turns, and two lamps were fitted by least squares to the pixels of 94 different frames:
object boxes agree within 1 pixel and paths along the axes within 0.4 pixels RMS. Mean colours lie within 7 levels for
each colour of object and ring, and within 8 over a row of frames; a single frame's within 18. The animations' palette
has 256 colours, so that colours are measured to 2 levels or so.

Source: measured from the frames at github.com/rr-learning/disentanglement_dataset (Gondal et al. 2019), commit a7a6729.
"""

from __future__ import annotations

RENDERER_VERSION = 2
"""Raised by hand when rendered images change."""

FACTOR_SIZES = (6, 6, 2, 3, 3, 40, 40)
"""Colour, shape, size, camera, background, horizontal axis, vertical axis; the last varies fastest."""
AXIS_STEPS = 40
SHAPES = ("cone", "cube", "cylinder", "hexagonal", "pyramid", "sphere")
SIZES = (0.697, 1.0)
"""Small and large: 0.49 of the area, measured 44 and 93 pixels."""
OBJECT_RGB = ((217, 217, 217), (41, 143, 41), (200, 0, 0), (42, 101, 194), (76, 47, 36), (112, 111, 50))
"""White, green, red, blue, brown, olive where brightness is 1: medians of the upright pyramid, moved by up to 6 levels
so that mean colours agree in both animations."""

PIXELS = 64
"""Rows and columns of an image."""
FOCAL_PIXELS = 76.81
"""45.2 degrees of view; the cameras' distances go with it."""
CAMERAS = (
    (0.8881, 4.1583, 0.0757, 0.7360, -0.0295, 0.0133),
    (0.6707, 3.7458, -0.0647, 0.8708, 0.0, 0.0030),
    (0.4017, 3.6749, 0.1302, 1.0159, -0.0287, 0.0136),
)
"""Top, center, bottom: pitch, distance from a point near the axis, that point's place across and height, azimuth, roll.

Angles are in radians; the azimuth turns the camera about the post, the roll about its own axis.
"""

JOINT_OFFSET = 0.1457
"""Of the rod's start from the post's axis, along the axis of tilt."""
TILT_START = 3.1628
"""Radians; 0 and pi are level, pi / 2 is upright."""
TILT_STEP = -0.08163
"""40 steps make 187 degrees."""
TURN_START = 2.8766
"""Radians of the rod's direction from the right, seen from above, at tilt 0."""
TURN_STEP = -0.08220
"""40 steps make 188 degrees."""
OBJECT_DISTANCE = 0.9999
"""Of the object's centre from the joint."""
ROD_LENGTH = 0.846
"""Up to the small objects' near face."""

HALF_HEIGHT = 0.2249
"""Of all large objects but the sphere, along the rod."""
HALF_WIDTHS = (0.2214, 0.2245, 0.2154, 0.2223, 0.2234, 0.2199)
"""From the axis to the middle of a side, by shape; the sphere's is its radius."""
SPIN = 1.5647
"""Radians by which the objects are turned about the rod."""

AMBIENT = 0.414
LAMP = (-0.041, 0.103, 0.641)
"""Light is `AMBIENT`, the product of a surface's normal with this, and what comes back from a lamp at the camera."""
HEADLIGHT = 0.376
GAMMA = 0.701
"""Brightness is light to this power."""
BRIGHTEST = 1.27

BACKGROUND = (52, 52, 52)
RING_RGB = ((89, 68, 127), (64, 88, 84), (96, 68, 77))
"""Purple, sea green, salmon."""
RING_TOP = ((0.47, 8.37, 0.49, 9.20), (-0.05, 7.37, -0.44, 17.34), (-0.11, 5.76, 0.68, 28.95))
"""By camera, a, b, c, d of the ring's upper edge in rows, a u^4 + b u^2 + c u + d, u from -1 at the left to 1."""
RING_BOTTOM = ((2.04, 9.84, 1.00, 14.15), (0.52, 8.99, -0.68, 21.05), (0.62, 6.47, 0.97, 31.63))
"""The lower edge; both lie within 0.7 pixels of the measured ones."""
RING_LIGHT = ((0.125, -0.254, -0.004, 1.130), (0.122, -0.248, 0.013, 1.110), (0.100, -0.195, -0.007, 1.051))
"""By camera, the ring's brightness halfway down, a polynomial as for its edges; `RING_RGB` shows where it is 1."""
RING_LIGHT_DOWN = 0.12
"""From the upper edge to the lower."""

FOOT_HEIGHT = 0.05
"""Of the disc's middle, in the world."""
POST_GREYS = (66, 88)
"""At the foot and at the top."""
POST_WIDTH = 3.8
"""Pixels, as all that follow."""
FOOT_GREY = 160
FOOT_RADII = (4.3, 2.9)
"""Across and down."""
KNOB_GREYS = (142, 20)
"""On its axis, and what each pixel above that adds."""
KNOB_WIDTH = 3.0
SLEEVE_GREYS = (114, 16)
SLEEVE_WIDTH = 4.0
SLEEVE_LENGTH = 0.14
"""In the world, from the top of the post."""
ROD_GREYS = (101, 149)
"""Upright and level."""
ROD_WIDTH = 1.3

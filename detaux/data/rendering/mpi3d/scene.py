"""The scene of MPI3D toy in numbers, fitted to 280 published frames (two of the repository's animations).

The post's height is the unit, its foot the origin. The arm's real kinematics are not public. A pinhole camera with 45
degrees of view, and a rod that tilts and turns, were fitted by least squares to silhouettes and brightness of 40
frames: object boxes agree within 1 pixel, paths along the axes within 0.6 pixels RMS,
an object's mean colour over a row of frames within 12 levels (single frames within 33). The animations' palette has 256
colours, so that colours are measured to 2 levels or so.

Source: measured from the frames at github.com/rr-learning/disentanglement_dataset (Gondal et al. 2019), commit a7a6729.
"""

from __future__ import annotations

RENDERER_VERSION = 1
"""Raised by hand when rendered images change."""

FACTOR_SIZES = (6, 6, 2, 3, 3, 40, 40)
"""Colour, shape, size, camera, background, horizontal axis, vertical axis; the last varies fastest."""
AXIS_STEPS = 40
SHAPES = ("cone", "cube", "cylinder", "hexagonal", "pyramid", "sphere")
SIZES = (0.6875, 1.0)
"""Small and large: 0.47 of the area, measured 44 and 93 pixels."""
OBJECT_RGB = ((212, 212, 212), (39, 146, 38), (200, 0, 0), (40, 101, 195), (82, 51, 34), (118, 117, 47))
"""White, green, red, blue, brown, olive: medians of the upright pyramid."""

PIXELS = 64
"""Rows and columns of an image."""
FOCAL_PIXELS = 77.25
"""45 degrees of view, assumed; the cameras' distances go with it."""
CAMERAS = (
    (0.8916, 4.1797, 0.0823, 0.6985),
    (0.6854, 3.7539, -0.0563, 0.8388),
    (0.3013, 3.7922, 0.1419, 0.9350),
)
"""Top, center, bottom: pitch in radians, distance from a point on the axis, that point's place across and height."""

JOINT_OFFSET = 0.12911
"""Of the rod's start from the post's axis, along the axis of tilt."""
TILT_START = 3.18095
"""Radians; 0 and pi are level, pi / 2 is upright."""
TILT_STEP = -0.08219
"""40 steps make 184 degrees."""
TURN_START = 2.91724
"""Radians of the rod's direction from the right, seen from above, at tilt 0."""
TURN_STEP = -0.08416
"""40 steps make 188 degrees."""
OBJECT_DISTANCE = 0.9853
"""Of the object's centre from the joint."""
ROD_LENGTH = 0.82
"""Up to the small objects' near face."""

HALF_HEIGHT = 0.2312
"""Of all large objects but the sphere, along the rod."""
HALF_WIDTHS = (0.2012, 0.2239, 0.2179, 0.2243, 0.2277, 0.2184)
"""From the axis to the middle of a side, by shape; the sphere's is its radius."""
SPIN = 1.5439
"""Radians by which the objects are turned about the rod."""

LAMP = (-0.0249, -0.2653, 0.6791)
"""Brightness of a face is `AMBIENT` and its normal's product with this."""
AMBIENT = 0.4417
BRIGHTEST = 1.27

BACKGROUND = (52, 52, 52)
RING_RGB = ((89, 68, 127), (64, 88, 84), (96, 68, 77))
"""Purple, sea green, salmon."""
RING_TOP = ((0.47, 8.37, 0.49, 9.20), (-0.05, 7.37, -0.44, 17.34), (-0.11, 5.76, 0.68, 28.95))
"""By camera, a, b, c, d of the ring's upper edge in rows, a u^4 + b u^2 + c u + d, u from -1 at the left to 1."""
RING_BOTTOM = ((2.04, 9.84, 1.00, 14.15), (0.52, 8.99, -0.68, 21.05), (0.62, 6.47, 0.97, 31.63))
"""The lower edge; both lie within 0.7 pixels of the measured ones."""

POST_GREYS = (70, 88)
"""At the foot and at the top."""
POST_WIDTH = 4.4
"""Pixels, as all that follow."""
FOOT_GREY = 155
FOOT_RADII = (4.4, 3.2)
"""Across and down."""
KNOB_GREY = 150
KNOB_WIDTH = 4.0
ROD_GREY = 118
ROD_WIDTH = 1.4

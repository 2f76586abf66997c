"""The arm in the world: a post, and a rod on two joints that carries the object."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detaux.data.rendering.mpi3d import scene
from detaux.data.rendering.mpi3d.camera import Points

ELBOW = np.array((0.0, 0.0, 1.0))
"""Top of the post."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Pose:
    """Where one setting of the two axes puts rod and object."""

    joint: Points
    """Start of the rod, shape (3,)."""
    centre: Points
    """Of the object, shape (3,)."""
    frame: Points
    """Rows are the object's own directions, the last along the rod, outwards; shape (3, 3)."""

    @property
    def end(self) -> Points:
        """End of the rod, where the object begins, shape (3,)."""
        return np.asarray(self.joint + scene.ROD_LENGTH * self.frame[2])


def pose(horizontal: int, vertical: int) -> Pose:
    """Set the two axes.

    Args:
        horizontal: Tilt of the rod, 0 to 39: from the front over the top to the back.
        vertical: Turn of the rod about the post, 0 to 39.
    """
    tilt = scene.TILT_START + horizontal * scene.TILT_STEP
    turn = scene.TURN_START + vertical * scene.TURN_STEP
    side = np.array((-np.sin(turn), np.cos(turn), 0.0))
    along = np.array((np.cos(tilt) * np.cos(turn), np.cos(tilt) * np.sin(turn), np.sin(tilt)))
    joint = ELBOW + scene.JOINT_OFFSET * side
    return Pose(
        joint=joint,
        centre=joint + scene.OBJECT_DISTANCE * along,
        frame=np.stack([side, np.cross(along, side), along]),
    )

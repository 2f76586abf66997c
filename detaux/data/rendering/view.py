"""The room with its object in it: what each ray meets, and how bright that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.data.rendering import scene
from detaux.data.rendering.camera import column
from detaux.data.rendering.light import Brightness, even_light, highlight, spot_light, towards_spot
from detaux.data.rendering.room import EmptyRoom, Material
from detaux.data.rendering.solids import hit_solid

_TOUCHING = np.float32(1e-2)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class View:
    """What M rays see: a channel of a surface's colour c shows as min(1, c * brightness + gloss)."""

    material: NDArray[np.uint8]
    """A `Material` for each ray, shape (M,)."""
    brightness: Brightness
    """Shape (M,), 0 where the sky is met."""
    gloss: Brightness
    """Shape (M,), 0 but on the object."""


def view_object(room: EmptyRoom, shape: str, scale: float) -> View:
    """Put the object into the room.

    Args:
        room: As the camera sees it empty.
        shape: One of `scene.SHAPES`.
        scale: One of `scene.SCALES`.
    """
    camera = room.camera
    hit = hit_solid(shape, scale, camera.position, camera.directions)
    seen = hit.distance < room.distance
    directions, normals = camera.directions[:, seen], hit.normal[:, seen]
    points = camera.position + hit.distance[seen] * directions
    brightness = np.where(_in_shadow(room, shape, scale), room.shaded, room.lit)
    brightness[seen] = even_light(normals, camera.forward) + spot_light(points, normals)
    gloss = np.zeros_like(brightness)
    gloss[seen] = highlight(points, normals, directions)
    return View(
        material=np.where(seen, np.uint8(Material.OBJECT), room.material), brightness=brightness, gloss=gloss
    )


def _in_shadow(room: EmptyRoom, shape: str, scale: float) -> NDArray[np.bool_]:
    """Tell for each point of the room, shape (M,), whether the object keeps the spot's light from it."""
    to_spot, distance = towards_spot(room.points)
    blocked = hit_solid(shape, scale, column(scene.SPOT_POSITION), -to_spot)
    return blocked.distance < distance - _TOUCHING

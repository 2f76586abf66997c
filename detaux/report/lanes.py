"""Lanes of dot plots: one an arm and setting, lanes of an arm together, the setting told by the colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from matplotlib.axes import Axes

from detaux.report.drawing import FAINT, palette
from detaux.report.wording import show_setting

_GAP = 0.45
_LANE_INCHES, _TALL_LANE_INCHES, _FRAME_INCHES = 0.29, 0.42, 1.05
_LONGEST = 32


def place_lanes(arms: Sequence[str]) -> list[float]:
    """Return the heights of lanes, one apart, with a gap where another arm begins; the first at 0."""
    places = [0.0]
    for before, after in pairwise(arms):
        places.append(places[-1] + 1 + _GAP * (before != after))
    return places


def name_lane(arm: str, setting: str) -> str:
    """Return an arm with its setting, on two lines where one would be long."""
    name = show_setting({"arm": arm, "setting": setting})
    return name if len(name) <= _LONGEST else f"{arm}\n{setting}"


def panel_inches(arms: Sequence[str], settings: Sequence[str]) -> float:
    """Return the height that a panel of these lanes needs, its title and axis included."""
    names = [name_lane(*lane) for lane in zip(arms, settings, strict=True)]
    lane = _TALL_LANE_INCHES if any("\n" in name for name in names) else _LANE_INCHES
    return _FRAME_INCHES + lane * (place_lanes(arms)[-1] + 1)


def color_settings(settings: Iterable[str]) -> dict[str, str]:
    """Return a colour for each setting, in order of appearance, starting anew after the last; grey for no setting."""
    named = [setting for setting in dict.fromkeys(settings) if setting]
    colors = palette()
    return {"": FAINT} | {setting: colors[place % len(colors)] for place, setting in enumerate(named)}


def frame_lanes(ax: Axes, arms: Sequence[str], settings: Sequence[str]) -> None:
    """Name the lanes on the left of the axes and give them their room, the first lane at the top."""
    places = place_lanes(arms)
    ax.set_yticks(places, [name_lane(*lane) for lane in zip(arms, settings, strict=True)])
    ax.set_ylim(places[-1] + 0.6, -0.6)

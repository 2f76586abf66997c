"""How large a suite and its numbers may be: what is beyond would run for ever, or out of memory."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from detaux.data.options import MAX_IMAGE_SIZE
from detaux.suite.nodes import Keys
from detaux.suite.reader import Reader

MAX_SETTINGS = 100_000
"""Most settings of one block."""
_MOST_NAMED = 3


def check_options(options: Mapping[str, Any]) -> None:
    """Check what every part of a kind is asked alike, whoever wrote it.

    Raises:
        ValueError: If images are to be larger than the memory of any machine wants.
    """
    size = options.get("image_size")
    if isinstance(size, int) and size > MAX_IMAGE_SIZE:
        raise ValueError(f"image_size must be at most {MAX_IMAGE_SIZE}, but is {size}")


def check_product(reader: Reader, keys: Keys, lengths: Mapping[str, int]) -> bool:
    """Say whether a block's axes multiply to few enough settings; if not, that is a fault."""
    settings = math.prod(lengths.values())
    if settings > MAX_SETTINGS:
        text = f"has {settings:,} settings, more than {MAX_SETTINGS:,}; shorten the longest axes: {longest(lengths)}"
        reader.fault(keys, text)
    return settings <= MAX_SETTINGS


def longest(lengths: Mapping[str, int]) -> str:
    """Name the longest axes with their lengths."""
    axes = sorted(lengths.items(), key=lambda axis: -axis[1])[:_MOST_NAMED]
    return ", ".join(f"{path} ({length:,})" for path, length in axes)

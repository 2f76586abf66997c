"""The option that augmentations share which pad an image and cut its size out again."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.data.moving import check_padding


@dataclass(frozen=True, kw_only=True, slots=True)
class Padded:
    """How far images may be shifted.

    Raises:
        ValueError: If padding is below 1.
    """

    padding: int = 4
    """Pixels added on each side, at least 1 and fewer than the image's shorter side has."""

    def __post_init__(self) -> None:
        if self.padding < 1:
            raise ValueError(f"padding must be at least 1, but is {self.padding}")

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Check that images can be padded.

        Raises:
            DataError: If they are embeddings, or a side is no longer than the padding.
        """
        check_padding(image_shape, self.padding)

"""What some parts of stage three ask of data and of each other, so that it can be told before anything runs."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from detaux.core.errors import DataError


@runtime_checkable
class LimitsImages(Protocol):
    """An auxiliary task that cannot be made of every image, or a source of such tasks."""

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Refuse images of a shape (H, W, 3).

        Raises:
            DataError: If so; the text names the remedy.
        """
        ...


@runtime_checkable
class LimitsLabelled(Protocol):
    """A source of auxiliary tasks that needs a number of labelled images."""

    def check_labelled(self, num_images: int, num_principal: int) -> None:
        """Refuse too few labelled images.

        Args:
            num_images: How many there are.
            num_principal: Number of principal classes; 0 where it is not known.

        Raises:
            DataError: If so; the text names the remedy.
        """
        ...


def check_least_tasks(weighting: str, least: int, num_tasks: int) -> None:
    """Check that a weighting has as many tasks as it needs, the principal one included.

    Raises:
        DataError: If it has fewer.
    """
    if num_tasks < least:
        raise DataError(
            f"weighting {weighting} needs at least {least} tasks, the principal one included, but has {num_tasks};"
            " raise discover.tasks or num_tasks of the auxiliary task, or take another weighting"
        )


def check_enough(num_classes: int, num_images: int, option: str = "num_classes") -> None:
    """Check that there are labelled images for a number of classes that an option gives.

    Raises:
        DataError: If there are fewer.
    """
    if num_classes > num_images:
        raise DataError(f"{option} is {num_classes}, more than the {num_images} labelled images; write fewer")


@runtime_checkable
class LimitsTasks(Protocol):
    """A weighting that needs a number of tasks."""

    def check_tasks(self, num_tasks: int) -> None:
        """Refuse too few tasks, the principal one included.

        Raises:
            DataError: If so; the text names the remedy.
        """
        ...

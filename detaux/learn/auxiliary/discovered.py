"""The labels that stage two found: the method itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detaux.learn.registries import auxiliary
from detaux.learn.tasks import AuxiliaryContext, Task


@auxiliary.register(
    "discovered",
    summary="clusters of the chosen subspace, from stage two",
    source="Skenderi et al. 2025, arXiv:2310.09278, Section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Discovered:
    """Learn the discovered labels beside the principal ones."""

    needs_discovery: ClassVar[bool] = True

    def task(self, context: AuxiliaryContext) -> Task:
        """Return the task on the discovered labels.

        Raises:
            ValueError: If stage two was not run.
        """
        return Task(name="discovered", labels=context.discovered_labels(), num_classes=context.num_discovered)

"""Rules from dot products to weights that are reckoned on the CPU, whatever the training device."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping

import torch
from torch import Tensor, nn

Rule = Callable[[Tensor], Tensor]
"""From dot products (T, T) to weights (T,), on the CPU."""
Errors = tuple[type[Exception], ...]
"""Kinds of errors that a rule raises where it finds no weights."""


class OnTheCPU(nn.Module):
    """A rule from dot products to weights: T by T numbers go to the CPU, and T come back.

    What the rule remembers is kept here in buffers: torchjd's own do not survive a `state_dict`.

    Args:
        rule: The rule, a weighting of torchjd's or a function of one.
        memory: First values of what it remembers, by name without the leading underscore.
        key: What the rule's `_state_key` must be for its memory to count, given the dot products; None if it has none.
        errors: What it may raise beside ValueError where it finds no weights.
    """

    def __init__(
        self,
        rule: Rule,
        memory: Mapping[str, Tensor] | None = None,
        *,
        key: Callable[[Tensor], Hashable] | None = None,
        errors: Errors = (),
    ) -> None:
        super().__init__()
        self._rules = (rule,)  # in a tuple, so that torch does not see its buffers
        self._key, self._errors = key, errors
        for name, value in (memory or {}).items():
            self.register_buffer(name, value)

    def forward(self, gramian: Tensor) -> Tensor:
        """Return the weights (T,) for dot products (T, T); NaN, and nothing remembered, where the rule finds none."""
        here, nothing = gramian.cpu(), torch.full_like(gramian[0], torch.nan)
        if not here.isfinite().all():
            return nothing
        self._hand_over(here)
        try:
            weights = self._rules[0](here)
        except (ValueError, torch.linalg.LinAlgError, *self._errors):  # type: ignore[attr-defined]  # it is there
            return nothing
        for name, value in self.named_buffers():
            value.copy_(getattr(self._rules[0], f"_{name}"))
        return weights.to(gramian)

    def _hand_over(self, gramian: Tensor) -> None:
        for name, value in self.named_buffers():
            kind = gramian.dtype if value.is_floating_point() else value.dtype
            setattr(self._rules[0], f"_{name}", value.to("cpu", kind, copy=True))
        if self._key is not None:
            setattr(self._rules[0], "_state_key", self._key(gramian))  # noqa: B010 - a rule is any callable

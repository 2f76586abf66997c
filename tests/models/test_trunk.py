import pytest
import torch
from torch import nn

from detaux.models.trunk import Trunk, average


class Add(nn.Module):
    """Add a number, and double the channels."""

    def __init__(self, number: float) -> None:
        super().__init__()
        self.number = number

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        return (maps + self.number).repeat(1, 2, 1, 1)


def test_stages_follow_each_other_and_the_end_comes_last() -> None:
    trunk = Trunk([Add(1), Add(10)], average(), channels=(6, 12), num_features=12)
    first, second = trunk.maps(torch.zeros(2, 3, 4, 5))
    assert torch.equal(first, torch.full((2, 6, 4, 5), 1.0))
    assert torch.equal(second, torch.full((2, 12, 4, 5), 11.0))
    assert torch.equal(trunk(torch.zeros(2, 3, 4, 5)), torch.full((2, 12), 11.0))


def test_tells_how_many_features_a_channel_has() -> None:
    assert Trunk([Add(1)], nn.Flatten(), channels=(6,), num_features=120).places == 20


@pytest.mark.parametrize(
    ("stages", "end", "channels", "num_features", "message"),
    [
        ([], average(), (), 6, "0 stages"),
        ([Add(1)], average(), (6, 12), 12, "1 stages need as many"),
        ([Add(1)], average(), (6,), 8, "8 features are no multiple of 6"),
        ([Add(1)], nn.Linear(6, 6), (6,), 6, "end of a backbone has parameters"),
    ],
)
def test_refuses_what_is_no_chain(
    stages: list[nn.Module], end: nn.Module, channels: tuple[int, ...], num_features: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Trunk(stages, end, channels=channels, num_features=num_features)

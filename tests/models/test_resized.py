import torch

from detaux.models.resized import resized


def test_larger_maps_are_averaged_down() -> None:
    maps = torch.arange(8.0).reshape(1, 1, 2, 4)
    assert torch.equal(resized(maps, torch.zeros(1, 5, 1, 2)), torch.tensor([[[[2.5, 4.5]]]]))


def test_places_of_smaller_maps_are_repeated() -> None:
    maps = torch.tensor([[[[1.0, 2.0]]]])
    expected = torch.tensor([[[[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0]]]])
    assert torch.equal(resized(maps, torch.zeros(1, 5, 2, 4)), expected)


def test_maps_of_the_size_stay_as_they_are() -> None:
    maps = torch.randn(2, 3, 5, 4)
    assert torch.equal(resized(maps, torch.zeros(2, 1, 5, 4)), maps)

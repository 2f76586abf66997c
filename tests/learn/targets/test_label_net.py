import pytest
import torch

from detaux.learn.targets.label_net import LabelNet


@pytest.mark.parametrize("side", [1, 7, 32])
def test_gives_logits_of_pictures_of_any_size(side: int) -> None:
    logits = LabelNet(6, seed=0)(torch.rand(2, 3, side, side))
    assert logits.shape == (2, 6)
    assert logits.isfinite().all()


def test_an_image_is_judged_by_itself() -> None:
    net, images = LabelNet(6, seed=0), torch.rand(5, 3, 16, 16)
    torch.testing.assert_close(net(images)[2:3], net(images[2:3]))
    assert net(images).std(dim=0).min() > 1e-3


def test_being_asked_leaves_no_trace() -> None:
    net = LabelNet(6, seed=0)
    before = [value.clone() for value in (*net.parameters(), *net.buffers())]
    generator = torch.get_rng_state()
    net.train()(torch.rand(5, 3, 16, 16, generator=torch.Generator().manual_seed(0)))
    assert all(
        torch.equal(one, other)
        for one, other in zip(before, (*net.parameters(), *net.buffers()), strict=True)
    )
    assert torch.equal(torch.get_rng_state(), generator)


def test_initial_weights_depend_on_the_seed_alone() -> None:
    torch.manual_seed(1)
    first = LabelNet(6, seed=0).state_dict()
    torch.manual_seed(2)
    again, other = LabelNet(6, seed=0).state_dict(), LabelNet(6, seed=1).state_dict()
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["layers.1.0.weight"], other["layers.1.0.weight"])

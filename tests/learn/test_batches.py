import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from detaux.learn.batches import BatchOrder


@given(num_images=st.integers(1, 40), batch_size=st.integers(1, 50), seed=st.integers(0, 99))
def test_batches_are_epochs_end_to_end(num_images: int, batch_size: int, seed: int) -> None:
    order = BatchOrder(num_images=num_images, batch_size=batch_size, seed=seed)
    batches = [order.positions(step) for step in range(2 * num_images)]
    assert {len(batch) for batch in batches} == {batch_size}
    for epoch in torch.cat(batches).reshape(-1, num_images):
        assert torch.equal(epoch.sort().values, torch.arange(num_images))
    epochs = torch.cat([order.epochs(step) for step in range(2 * num_images)]).reshape(-1, num_images)
    assert torch.equal(epochs, torch.arange(len(epochs))[:, None].expand_as(epochs))


def test_a_step_needs_no_step_before_it() -> None:
    walked = BatchOrder(num_images=11, batch_size=4, seed=3)
    batches = [walked.positions(step) for step in range(20)]
    resumed = BatchOrder(num_images=11, batch_size=4, seed=3)
    assert torch.equal(resumed.positions(19), batches[19])


def test_epochs_and_seeds_have_orders_of_their_own() -> None:
    order, other = (BatchOrder(num_images=50, batch_size=50, seed=seed) for seed in (0, 1))
    assert not torch.equal(order.positions(0), order.positions(1))
    assert not torch.equal(order.positions(0), other.positions(0))


@pytest.mark.parametrize("counts", [{"num_images": 0, "batch_size": 4}, {"num_images": 4, "batch_size": 0}])
def test_nothing_to_draw_is_refused(counts: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        BatchOrder(seed=0, **counts)

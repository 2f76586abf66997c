import pytest
import torch

from detaux.models.heads import head


def test_turns_features_into_one_logit_a_class() -> None:
    assert head(7, 3)(torch.rand(5, 7)).shape == (5, 3)


def test_in_eval_it_is_two_linear_layers_with_a_relu_between() -> None:
    net, features = head(7, 3).eval(), torch.randn(5, 7)
    weight_in, bias_in, weight_out, bias_out = net.parameters()
    hidden = (features @ weight_in.T + bias_in).clamp(min=0)
    torch.testing.assert_close(net(features), hidden @ weight_out.T + bias_out)


def test_drops_a_tenth_of_512_hidden_units() -> None:
    dropped = head(7, 3)[1](torch.ones(200, 512))
    assert next(head(7, 3).parameters()).shape == (512, 7)
    assert (dropped == 0).float().mean().item() == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize(("features", "classes"), [(0, 3), (7, 1)])
def test_refuses_nothing_to_tell_apart(features: int, classes: int) -> None:
    with pytest.raises(ValueError, match=f"{features} and {classes}"):
        head(features, classes)

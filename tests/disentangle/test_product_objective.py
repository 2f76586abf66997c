from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from detaux.disentangle import losses
from detaux.disentangle.batches import Batch
from detaux.disentangle.product import ProductArchitecture, ProductModel
from detaux.disentangle.product_objective import ProductObjective, TermWeights
from detaux.disentangle.schedule import Phase, Ramps
from detaux.models.autoencoders import ConvNet, paper_net
from detaux.models.patch_net import PatchNet, patch_net
from detaux.models.projectors import Projectors
from detaux.train.policy import Policy

PAIRS, SUBSPACES = 6, 4
HALFWAY = Phase(principal=0.75, distance=0.5, consistency=0.25, regularisation=0.5, sharpness=1e6)
FINAL = Ramps().at(1)
WEIGHTS = TermWeights()


def model() -> ProductModel:
    torch.manual_seed(0)
    return ProductModel(ProductArchitecture(net=paper_net(8), subspaces=SUBSPACES, latent_dim=3))


def batch() -> Batch:
    generator = torch.Generator().manual_seed(1)
    return Batch(
        images=torch.rand(2 * PAIRS, 3, 8, 8, generator=generator),
        positions=torch.arange(2 * PAIRS),
        labels=torch.cat([torch.zeros(PAIRS), torch.arange(PAIRS) % 2 == 0]).long(),
        drawn=torch.randperm(SUBSPACES * PAIRS, generator=generator)[: 2 * PAIRS],
    )


def objective(
    strength: float = 1.0, *, weights: TermWeights = WEIGHTS, learn_usage: bool = True
) -> ProductObjective:
    return ProductObjective(weights=weights, strength=strength, learn_usage=learn_usage)


def gradients(net: ProductModel, loss: Tensor) -> list[Tensor]:
    return [
        gradient.clone() for gradient in torch.autograd.grad(loss, list(net.parameters()), retain_graph=True)
    ]


@pytest.mark.parametrize("strength", [0.5, 1.0, 3.0])
def test_strength_scales_every_term_but_reconstruction(strength: float, policy: Policy) -> None:
    terms = objective(strength).losses(model(), batch(), HALFWAY, policy)
    others = (
        0.75 * 0.1 * terms["principal_distance"]
        + 0.5 * (0.1 * terms["distance"] + 0.1 * terms["sparsity"])
        + 0.25 * 100 * terms["consistency"]
        + 0.5 * 1e-4 * terms["regularisation"]
    )
    torch.testing.assert_close(terms["loss"], terms["reconstruction"] + strength * others)


@pytest.mark.parametrize("net", [paper_net(16), patch_net(16)])
def test_reconstruction_is_of_images_however_the_net_packs_them(
    net: ConvNet | PatchNet, policy: Policy
) -> None:
    autoencoder = ProductModel(ProductArchitecture(net=net, subspaces=SUBSPACES, latent_dim=3))
    images = torch.rand(4, 3, 16, 16)
    labels = torch.tensor([0, 0, 1, 0])
    seen = Batch(images=images, positions=torch.arange(4), labels=labels, drawn=torch.arange(4))
    term = objective(0.0).losses(autoencoder, seen, FINAL, policy)["reconstruction"]
    decoded = autoencoder.decode(autoencoder.encode(images))
    torch.testing.assert_close(term, (decoded - images).square().mean())


def test_at_strength_0_no_other_term_is_computed(policy: Policy) -> None:
    terms = objective(0.0).losses(model(), batch(), FINAL, policy)
    assert terms.keys() == {"loss", "reconstruction"}
    assert torch.equal(terms["loss"], terms["reconstruction"])


def test_in_the_warm_up_no_other_term_is_computed(policy: Policy) -> None:
    assert objective().losses(model(), batch(), Ramps().at(0.1), policy).keys() == {"loss", "reconstruction"}


def test_terms_see_the_models_codes(policy: Policy) -> None:
    net, given = model(), batch()
    terms = objective().losses(net, given, HALFWAY, policy)
    codes = net.encode(given.images)
    change = losses.squared_change(codes)
    oracle = losses.forced_oracle(losses.normalised_change(change, codes), given.differ)
    by_subspace = losses.distance(change, oracle, change, margin=0.05, margin_weight=10)
    torch.testing.assert_close(terms["principal_distance"] + terms["distance"], by_subspace.mean())
    torch.testing.assert_close(terms["principal_distance"], by_subspace[0] / SUBSPACES)
    torch.testing.assert_close(terms["sparsity"], losses.sparsity(codes))
    mixed = losses.mixtures(codes, given.drawn)
    torch.testing.assert_close(terms["consistency"], (net.encode(net.decode(mixed)) - mixed).square().mean())


def test_terms_in_own_units_do_not_see_the_scale_of_the_codes(policy: Policy) -> None:
    terms = []
    for scale in (1.0, 50.0):
        net = model()
        assert isinstance(net.projectors, Projectors)
        with torch.no_grad():
            net.projectors.weight_out.mul_(scale)
            net.projectors.bias_out.mul_(scale)
        own_units = objective(weights=replace(WEIGHTS, own_units=True))
        terms.append(own_units.losses(net, batch(), replace(HALFWAY, consistency=0), policy))
    for name in ("principal_distance", "distance", "sparsity", "regularisation"):
        torch.testing.assert_close(terms[0][name], terms[1][name], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("learn_usage", [True, False])
def test_regularisation_passes_a_gradient_as_described_and_none_as_released(
    policy: Policy, *, learn_usage: bool
) -> None:
    weights = TermWeights(distance=0, sparsity=0, consistency=0, regularisation=1e3)
    net = model()
    terms = objective(weights=weights, learn_usage=learn_usage).losses(net, batch(), HALFWAY, policy)
    whole, plain = gradients(net, terms["loss"]), gradients(net, terms["reconstruction"])
    unmoved = all(torch.equal(first, second) for first, second in zip(whole, plain, strict=True))
    assert terms["regularisation"] > 0
    assert unmoved is not learn_usage


@pytest.mark.parametrize("own_units", [True, False])
def test_a_loss_keeps_every_tensor_on_its_device(*, own_units: bool) -> None:
    """On tensors that know a CUDA device but hold no data: one that is left on the CPU raises."""
    policy = Policy(device=torch.device("cuda"), amp=False)
    net = ProductModel(ProductArchitecture(net=patch_net(16), subspaces=SUBSPACES, latent_dim=3))
    with FakeTensorMode(), torch.device("cuda"):
        replace_weights_by_empty_ones(net)
        given = Batch(
            images=torch.rand(2 * PAIRS, 3, 16, 16),
            positions=torch.arange(2 * PAIRS),
            labels=torch.zeros(2 * PAIRS, dtype=torch.long),
            drawn=torch.arange(2 * PAIRS),
        )
        terms = objective(weights=replace(WEIGHTS, own_units=own_units)).losses(net, given, HALFWAY, policy)
    assert {term.device.type for term in terms.values()} == {"cuda"}


def replace_weights_by_empty_ones(net: ProductModel) -> None:
    """Give a model weights on the present default device, in the same memory layout."""
    for module in net.modules():
        for name, parameter in module.named_parameters(recurse=False):
            setattr(
                module, name, torch.nn.Parameter(torch.empty_strided(parameter.shape, parameter.stride()))
            )


def test_negative_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        TermWeights(margin=-1)


def test_the_free_oracle_asks_for_no_label(policy: Policy) -> None:
    given = batch()
    others = replace(given, labels=1 - given.labels.flip(0))
    free = ProductObjective(weights=WEIGHTS, strength=1, learn_usage=True, forced=False)
    first, second = (free.losses(model(), seen, HALFWAY, policy) for seen in (given, others))
    assert torch.equal(first["loss"], second["loss"])
    forced = objective().losses(model(), given, HALFWAY, policy)
    assert not torch.equal(first["loss"], forced["loss"])


def test_the_free_oracle_lets_no_subspace_come_first(policy: Policy) -> None:
    early = replace(HALFWAY, principal=1.0)
    free = ProductObjective(weights=WEIGHTS, strength=1, learn_usage=True, forced=False)
    first, second = (free.losses(model(), batch(), phase, policy) for phase in (HALFWAY, early))
    assert torch.equal(first["loss"], second["loss"])

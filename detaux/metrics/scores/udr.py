"""Unsupervised disentanglement ranking: do models of several seeds find the same coordinates, or subspaces?

Source: Duan et al. 2020, "Unsupervised Model Selection for Variational Disentangled Representation Learning", ICLR,
arXiv:1905.12614.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, check_same_length
from detaux.metrics.correlations import whitened_blocks
from detaux.metrics.forms import as_coordinates
from detaux.metrics.inputs import draw, warn_below
from detaux.metrics.label_free import check_codes_alone
from detaux.metrics.registry import metrics
from detaux.metrics.similarity import correlations, explained_variance, lasso_weights

Floats = NDArray[np.float64]

_MAX_SAMPLES = 10_000
_FLOOR, _PER_COORDINATE = 1_000, 10  # samples
_LEAST_VARIANCE = 0.01  # of the largest of the model


@metrics.register(
    "udr",
    summary="agreement of models of several seeds (lasso, Spearman, R2), by coordinate and by subspace block; no labels",
    source="Duan et al. 2020, arXiv:1905.12614; R2 and block form: this project",
)
def udr(codes_of_models: Sequence[Codes], *, seed: int = 0) -> dict[str, float]:
    """Rank models by how far others, trained alike from other seeds, find the same coordinates or subspaces.

    The premise: entangled codes are entangled in another way each time, disentangled ones are equal up to order, sign
    and scale. It says that models agree, not that what they agree on are factors.

    A similarity of each coordinate of one model with each of another is squeezed into a score of the pair: for each
    row and each column, the square of its largest entry over its sum; then the mean over rows and columns, which is
    1 where each has its one partner. The score of a model is the median over the others. Similarities:

    - `lasso`: absolute weights of a lasso (penalty 0.1) from all coordinates of the other model, standardised, to each
      of the judged one. The penalty shrinks weights, so that equal models score 0.9 and not 1.
    - `spearman`: absolute rank correlation.
    - `r2`, not of the paper: share of a judged coordinate's variance that is linear in the other. The block form is
      that of subspaces: the share of a subspace's variance that is linear in another, all axes taken together.
      Turning or rescaling a subspace changes nothing, and at D = 1 it is the scalar form.

    Coordinates that tell nothing do not count. The paper finds them by the KL divergence of their posterior (under
    0.01); codes have no posterior, so here it is those, or those subspaces, of under 0.01 of the largest variance in
    their model. Other than the paper's, this mask depends on the scale of coordinates. A model without variance
    agrees with none.

    Estimator: at most 10,000 images. Bias: `spearman` and `r2` of the coordinates that are no partners are not 0, by
    about 0.8 / sqrt(N) and 1 / N each (D / N of subspaces), so with many coordinates, the score of `spearman` is
    far too small; `lasso` cuts them off. Measured on 5 Gaussian models over 10 seeds (100 coordinates: 5):

    =================================== ===== ===== ===== ===== ====== ================
    N                                   500   1,000 2,000 5,000 10,000 s.d. at 1,000
    equal, 10 coordinates: lasso        .900  .900  .900  .900  .900   .000
    spearman                            .753  .814  .862  .913  .934   .010
    r2                                  .981  .991  .995  .998  .999   .001
    equal, 10 x 10: spearman            .222  .286  .363  .474  .561    .001
    r2                                  .836  .910  .953  .981  .990    .002
    block.r2                            .848  .917  .957  .982  .991    .002
    0.8 shared variance, 10: lasso      .701  .700  .700  .700  .700   .002
    spearman                            .560  .613  .653  .699  .721   .007
    r2                                  .624  .632  .635  .638  .639   .004
    independent, 10: lasso              .003  .000  .000  .000  .000   .000
    spearman                            .021  .015  .011  .006  .005   .000
    r2                                  .003  .002  .001  .000  .000   .000
    =================================== ===== ===== ===== ===== ====== ================

    Args:
        codes_of_models: Codes of M >= 2 models of the same images in the same order, each of shape (N, D) or (N, K, D),
            float, finite; D and K may differ.
        seed: Seed of the sample where N is above 10,000.

    Returns:
        Scores in [0, 1] (`lasso`: at least 0), higher is better: `udr.lasso.<m>`, `udr.spearman.<m>`, `udr.r2.<m>` of
        model m, counted from 0, and `udr.lasso`, `udr.spearman`, `udr.r2`, their means over models; where codes of all
        models have K axes and K is at least 2, `udr.block.r2.<m>` and `udr.block.r2` too.

    Raises:
        TypeError: If the models are no list or tuple, or one of them is no numpy array.
        ValueError: If there are fewer than 2, lengths differ, or codes are refused by `check_codes_alone`.

    Warns:
        TooFewSamplesWarning: Under 1,000 samples, or under 10 a coordinate, where `r2` of equal models falls to 0.91.

    Source: Duan et al. 2020, arXiv:1905.12614, and disentanglement_lib's `udr`. Differs in: the mask; rows and columns
    weigh alike, as in the paper, where the library takes the mean of each; a row without similarity counts 0; `r2`.
    """
    _check(codes_of_models)
    sample = draw(len(codes_of_models[0]), _MAX_SAMPLES, metric="udr", seed=seed)
    largest = max(codes[0].size for codes in codes_of_models)
    warn_below(max(_FLOOR, _PER_COORDINATE * largest), len(sample), metric="udr")
    models = [codes[sample] for codes in codes_of_models]
    coordinates = [_informative(as_coordinates(codes)) for codes in models]
    scores = _ranking("udr.lasso", coordinates, lasso_weights)
    scores |= _ranking("udr.spearman", [_ranks(codes) for codes in coordinates], correlations)
    scores |= _ranking("udr.r2", coordinates, explained_variance)
    if all(codes.ndim == 3 and codes.shape[1] > 1 for codes in models):  # noqa: PLR2004 - N, K, D
        scores |= _ranking("udr.block.r2", [_informative(codes) for codes in models], explained_variance)
    return scores


def _check(codes_of_models: Sequence[Codes]) -> None:
    if not isinstance(codes_of_models, list | tuple):
        raise TypeError(f"codes_of_models must be a list of arrays, found {type(codes_of_models).__name__}")
    if len(codes_of_models) < 2:  # noqa: PLR2004 - models are compared with others
        raise ValueError(f"a ranking needs codes of at least 2 models, found {len(codes_of_models)}")
    for codes in codes_of_models:
        check_codes_alone(codes)
    check_same_length(**{f"model {place}": codes for place, codes in enumerate(codes_of_models)})


def _informative(codes: Codes) -> Floats:
    """Return the subspaces that vary enough, each centred and of unit variance in all, shape (N, K', D)."""
    moved = codes.astype(np.float64) - codes[0]  # exactly 0 where constant
    variance = moved.var(axis=0).sum(axis=1)
    kept = (variance >= _LEAST_VARIANCE * variance.max()) & (variance > 0)
    return _scaled(moved[:, kept])


def _ranks(coordinates: Floats) -> Floats:
    """Return the ranks of coordinates (N, A, 1), centred and of unit variance."""
    from scipy.stats import rankdata

    return _scaled(np.asarray(rankdata(coordinates, axis=0)))


def _scaled(codes: Floats) -> Floats:
    return np.asarray((codes - codes.mean(axis=0)) / np.sqrt(codes.var(axis=0).sum(axis=1))[:, None])


def _ranking(
    name: str, models: Sequence[Floats], similarity: Callable[[Floats, Floats], Floats]
) -> dict[str, float]:
    """Return the score of each model, the median over the others, and the mean over models."""
    axes = [whitened_blocks(codes) for codes in models]
    scores = {}
    for place, judged in enumerate(models):
        others = [*axes[:place], *axes[place + 1 :]]
        agreements = [_agreement(similarity, other, judged) for other in others]
        scores[f"{name}.{place}"] = float(np.median(agreements))
    return {name: float(np.mean(list(scores.values()))), **scores}


def _agreement(similarity: Callable[[Floats, Floats], Floats], others: Floats, judged: Floats) -> float:
    """Return how far each row and each column of a similarity holds one large entry and no other."""
    if not others.size or not judged.size:
        return 0.0
    matrix, strengths = similarity(others, judged), 0.0
    for axis in (0, 1):
        largest, sums = matrix.max(axis=axis), matrix.sum(axis=axis)
        strengths += float(np.sum(largest[sums > 0] ** 2 / sums[sums > 0]))
    return strengths / sum(matrix.shape)

"""Embeddings from counts of words: latent semantic analysis of hashed words and pairs of words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.progress import Progress
from detaux.data.text.embeddings import Floats, draw_sample

_BINS, _WIDTH = 1 << 16, 192

Counts = Any
"""A scipy CSR matrix of texts and bins, float32; scipy's stubs and scikit-learn's results do not agree on one type."""


class WordCountEmbeddings:
    """Texts as tf-idf of hashed words and word pairs, projected on the directions of largest size.

    Words are lower case, of two letters or more, and hashed with the pairs of neighbours to 65,536 bins. The bins'
    weights come from all training texts; the 192 directions, or fewer for fewer texts, from a sample of at most
    65,536 of them, by the truncated SVD of Deerwester et al. 1990, randomized as in Halko et al. 2011,
    arXiv:0909.4061. No pretrained model has part in it.

    Args:
        texts: Returns an iterator over all N texts in their order, in lists of any length; called twice.
        num_texts: N.
        train: Index of the training texts, shape (n,).
        progress: Hears of the first reading.
    """

    def __init__(
        self,
        texts: Callable[[], Iterator[list[str]]],
        num_texts: int,
        train: NDArray[np.int64],
        progress: Progress,
    ) -> None:
        from sklearn.feature_extraction.text import HashingVectorizer

        self._texts = texts
        self._hashing = HashingVectorizer(
            n_features=_BINS, ngram_range=(1, 2), alternate_sign=False, norm=None, dtype=np.float32
        )
        self._weights, sampled = self._count(num_texts, train, progress)
        self._sampled = self._weighted(sampled)
        self._directions = _directions(self._sampled)
        self.shape: tuple[int, int] = (num_texts, self._directions.shape[1])

    def training_sample(self) -> Floats:
        """Return those of the sample that made the directions; see `Embeddings.training_sample`."""
        return self._projected(self._sampled)

    def chunks(self) -> Iterator[Floats]:
        """Read and embed all texts; see `Embeddings.chunks`."""
        for texts in self._texts():
            yield self._projected(self._weighted(self._hashing.transform(texts)))

    def _count(
        self, num_texts: int, train: NDArray[np.int64], progress: Progress
    ) -> tuple[NDArray[np.float32], Counts]:
        """Return the inverse document frequency of each bin, shape (65536,), and the counts of a sample."""
        from scipy.sparse import vstack

        is_train, is_sampled = np.zeros((2, num_texts), np.bool_)
        is_train[train] = is_sampled[draw_sample(train, _WIDTH)] = True
        frequency, sampled, start = np.zeros(_BINS, np.int64), [], 0
        for texts in self._texts():
            counts = self._hashing.transform(texts)
            part = slice(start, start + len(texts))
            frequency += counts[is_train[part]].getnnz(axis=0)
            sampled.append(counts[is_sampled[part]])
            start += len(texts)
            progress(start / num_texts, f"counting words of {num_texts:,} texts")
        weights = np.log((1 + len(train)) / (1 + frequency)) + 1
        return weights.astype(np.float32), vstack(sampled, format="csr")

    def _weighted(self, counts: Counts) -> Counts:
        """Weigh counts in their place, and scale each text to length 1."""
        from sklearn.preprocessing import normalize

        counts.data *= self._weights[counts.indices]
        return normalize(counts, copy=False)

    def _projected(self, weighted: Counts) -> Floats:
        return np.asarray(weighted @ self._directions)


def _directions(weighted: Counts) -> NDArray[np.float32]:
    """Return the right singular vectors of a matrix, shape (65536, E), those of the largest values first."""
    from sklearn.decomposition import TruncatedSVD

    svd = TruncatedSVD(min(_WIDTH, weighted.shape[0]), random_state=0).fit(weighted)
    return np.ascontiguousarray(svd.components_.T, dtype=np.float32)

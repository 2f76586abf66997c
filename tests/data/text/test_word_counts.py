from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from detaux.core.progress import silent
from detaux.data.text import word_counts
from detaux.data.text.embeddings import Floats
from detaux.data.text.word_counts import WordCountEmbeddings

WORDS = ("red", "green", "blue", "warm", "cold", "fast", "slow")
RNG = np.random.default_rng(0)
TEXTS = (*(" ".join(RNG.choice(WORDS, 6)) for _ in range(60)), "")
TRAIN = np.arange(40)


@pytest.fixture(autouse=True)
def _fewer_bins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter of the bins, in which none of these words and pairs meet."""
    monkeypatch.setattr(word_counts, "_BINS", 1 << 14)


def embeddings(texts: Sequence[str] = TEXTS) -> WordCountEmbeddings:
    """Embeddings of texts that come in two lists."""

    def read() -> Iterator[list[str]]:
        yield list(texts[:25])
        yield list(texts[25:])

    return WordCountEmbeddings(read, len(texts), TRAIN, silent)


def all_of(made: WordCountEmbeddings) -> Floats:
    return np.concatenate(list(made.chunks()))


@pytest.fixture(scope="module")
def tfidf() -> TfidfVectorizer:
    """scikit-learn's other vectorizer, which keeps words instead of hashes, and leaves out those it has not seen."""
    return TfidfVectorizer(ngram_range=(1, 2)).fit(TEXTS[:40])


def test_likeness_is_that_of_tfidf_weights_within_what_the_training_texts_span(
    tfidf: TfidfVectorizer,
) -> None:
    seen = [text for text in TEXTS if set(map(" ".join, pairwise(text.split()))) <= set(tfidf.vocabulary_)]
    assert len(seen) > 50
    *_, directions = np.linalg.svd(tfidf.transform(TEXTS[:40]).toarray(), full_matrices=False)
    expected = tfidf.transform(seen).toarray() @ directions.T
    found = all_of(embeddings())[[text in seen for text in TEXTS]]
    np.testing.assert_allclose(found @ found.T, expected @ expected.T, atol=1e-4)


def test_few_directions_keep_nearly_as_much_as_the_best(
    monkeypatch: pytest.MonkeyPatch, tfidf: TfidfVectorizer
) -> None:
    monkeypatch.setattr(word_counts, "_WIDTH", 5)
    sizes = np.linalg.svd(tfidf.transform(TEXTS[:40]).toarray(), compute_uv=False)
    kept = np.square(all_of(embeddings())[TRAIN]).sum()
    assert 0.99 < kept / np.square(sizes[:5]).sum() < 1.0001


def test_a_few_texts_have_fewer_directions() -> None:
    made = embeddings()
    found = all_of(made)
    assert made.shape == found.shape == (61, 40)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found[TRAIN], axis=1), 1, atol=1e-3)
    assert not found[-1].any()


def test_they_are_the_same_each_time_and_their_sample_is_of_training_texts() -> None:
    made = embeddings()
    found = all_of(made)
    np.testing.assert_array_equal(found, all_of(embeddings()))
    np.testing.assert_allclose(made.training_sample(), found[TRAIN], atol=1e-6)


def test_a_text_that_does_not_train_changes_its_own_embedding_alone() -> None:
    others = (*TEXTS[:50], "slow red slow red", *TEXTS[51:])
    changed = (all_of(embeddings()) != all_of(embeddings(others))).any(axis=1)
    assert np.flatnonzero(changed).tolist() == [50]

from __future__ import annotations

import numpy as np

from detaux.metrics.forms import forms

CODES = np.arange(24.0).reshape(4, 3, 2)


def test_forms_are_of_coordinates_and_of_subspaces_where_there_are_several() -> None:
    found = forms("some", CODES)
    assert {name: codes.shape for name, codes in found.items()} == {
        "some": (4, 6, 1),
        "some.block": (4, 3, 2),
    }
    np.testing.assert_array_equal(found["some"][:, :, 0], CODES.reshape(4, 6))
    assert set(forms("some", CODES[:, 0])) == set(forms("some", CODES[:, :1])) == {"some"}

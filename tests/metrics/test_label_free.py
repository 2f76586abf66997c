from __future__ import annotations

import numpy as np
import pytest

from detaux.metrics.label_free import check_codes_alone

CODES = np.arange(24.0).reshape(4, 3, 2)


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match=r"\(N, D\) or \(N, K, D\), but their shape is \(4,\)"):
        check_codes_alone(CODES[:, 0, 0])
    with pytest.raises(ValueError, match=r"non-zero lengths, but found {'codes': 0}"):
        check_codes_alone(CODES[:0])
    with pytest.raises(ValueError, match="1 values that are not finite"):
        check_codes_alone(np.where(CODES == 5, np.inf, CODES))
    with pytest.raises(TypeError, match="codes must be a numpy array, found list"):
        check_codes_alone([[1.0]])  # type: ignore[arg-type]  # the fault that is tested

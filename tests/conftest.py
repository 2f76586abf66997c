"""Nothing a test makes goes into the user's own folders."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _cache_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep rendered and converted data of the session in one folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DETAUX_CACHE", str(tmp_path_factory.mktemp("detaux-cache")))
        yield

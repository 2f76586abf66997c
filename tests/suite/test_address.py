import socket

import pytest

from detaux.core.errors import DetauxError
from detaux.suite.executors.ray import cluster


def _closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def test_a_cluster_that_does_not_answer_is_said_at_once() -> None:
    address = f"127.0.0.1:{_closed_port()}"
    with pytest.raises(DetauxError, match=f"no Ray cluster at {address}.*ray start --head"), cluster(address):
        pass


@pytest.mark.parametrize("address", ["nonsense", "", "AUTO"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(DetauxError, match="write host:port"), cluster(address):
        pass


@pytest.mark.parametrize("address", ["127.0.0.1:", "127.0.0.1:port", "127.0.0.1:99999"])
def test_an_address_without_a_port_is_refused(address: str) -> None:
    with pytest.raises(DetauxError, match="no Ray cluster at"), cluster(address):
        pass

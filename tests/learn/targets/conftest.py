"""Each source whose labels are taught by the principal loss, as a task."""

import pytest

from detaux.learn.auxiliary.auxilearn import AuxiLearn
from detaux.learn.auxiliary.maxl import Maxl
from detaux.learn.context import AuxiliaryContext
from detaux.learn.registries import Auxiliary
from detaux.learn.tasks import AnyTask

SOURCES: dict[str, Auxiliary] = {
    "maxl": Maxl(),
    "maxl_first": Maxl(order="first"),
    "auxilearn": AuxiLearn(),
}


@pytest.fixture(params=SOURCES)
def task(request: pytest.FixtureRequest, context: AuxiliaryContext) -> AnyTask:
    (task,) = SOURCES[request.param].tasks(context)
    return task

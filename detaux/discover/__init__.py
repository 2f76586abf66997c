"""Stage two: which subspaces to cluster, how, and the auxiliary tasks that their clusters make.

`discover` takes the codes of stage one to what it `Found`: one `AuxiliaryTask` or several. How a subspace is chosen is a criterion,
how it is clustered a clustering; each is one file in `criteria` or `clusterings`, by name in `registries`.
"""

from detaux.discover.base import Clustering, Clusters, Criterion
from detaux.discover.choose import Choice, choose_subspace, variance_share
from detaux.discover.fitting import Clustered, cluster_codes
from detaux.discover.noise import NoisePolicy
from detaux.discover.samples import pick_samples
from detaux.discover.task import AuxiliaryTask, Found, discover

__all__ = [
    "AuxiliaryTask",
    "Choice",
    "Clustered",
    "Clustering",
    "Clusters",
    "Criterion",
    "Found",
    "NoisePolicy",
    "choose_subspace",
    "cluster_codes",
    "discover",
    "pick_samples",
    "variance_share",
]

"""Errors that name the place and the remedy."""

from __future__ import annotations


class DetauxError(Exception):
    """Base of every error that a user can cause or mend."""


class UnknownNameError(DetauxError):
    """A name that no registry entry answers to; the message lists near misses."""


class DataError(DetauxError):
    """A data set is missing, damaged, or cannot serve what was asked of it."""


class SuiteError(DetauxError):
    """A suite file has faults; the message lists all of them with file, line and path."""


class ArtifactError(DetauxError):
    """A stored artifact is missing or does not match its manifest."""


class LocationError(DetauxError):
    """A folder or URL that the user named for the store, the results or the reports cannot be used."""


class MachineError(DetauxError):
    """The machine, not the job, is at fault; such a fault is told, and never kept as the job's outcome."""


class DeviceError(MachineError, ValueError):
    """A device that has another name here, or that is not there."""


class MissingWeightsError(MachineError, DataError):
    """Weights that others trained are not on this machine, or are damaged there."""


class NoAuxiliaryTaskError(DetauxError):
    """Stage two found no auxiliary task: fewer than two clusters, or no subspace to cluster.

    A recorded outcome of a run (`status=no_auxiliary_task`), not a fault of the program.
    """


class DivergedError(DetauxError):
    """Training produced a loss that is not finite."""

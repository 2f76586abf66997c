"""Results as tidy frames: one row a thing, plain numbers, units in the column names; nothing is formatted here."""

from detaux.report.frames.controls import control_frame
from detaux.report.frames.costs import cost_frame
from detaux.report.frames.curves import curve_frame
from detaux.report.frames.gain import gain_frame
from detaux.report.frames.groups import group_frame
from detaux.report.frames.relation import relation_frame, relation_points
from detaux.report.frames.runs import runs_frame
from detaux.report.frames.stage_one import disentanglement_frame
from detaux.report.frames.status import status_frame, unfinished_frame
from detaux.report.frames.tasks import agreement_frame, task_frame
from detaux.report.frames.weighting import weighting_frame, weighting_points

__all__ = [
    "agreement_frame",
    "control_frame",
    "cost_frame",
    "curve_frame",
    "disentanglement_frame",
    "gain_frame",
    "group_frame",
    "relation_frame",
    "relation_points",
    "runs_frame",
    "status_frame",
    "task_frame",
    "unfinished_frame",
    "weighting_frame",
    "weighting_points",
]

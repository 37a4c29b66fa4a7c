"""Leads, the people who serve them, what is kept beside them, and the record of everything done to them."""

from leads.models.base import MAX_CENTS, Attendance, CentsField, Product, Source, Temperature
from leads.models.history import ActorKind, BoardDelta, Interaction, InteractionKind, InteractionQuerySet
from leads.models.imports import Import, ImportRow, ImportState, RowOutcome
from leads.models.leads import Lead
from leads.models.people import (
    Absence,
    AssignmentRule,
    Consultant,
    LossReason,
    RotationSettings,
    StageExpectation,
    Strategy,
    Weekday,
    WorkingHours,
)
from leads.models.privacy import Consent, ConsentSource, Purpose
from leads.models.work import LeadFile, Note, SavedView, Task, TaskKind, TaskState
from leads.pipeline import LostReason

__all__ = [
    "Absence",
    "ActorKind",
    "AssignmentRule",
    "Attendance",
    "BoardDelta",
    "CentsField",
    "Consent",
    "ConsentSource",
    "Consultant",
    "Import",
    "ImportRow",
    "ImportState",
    "Interaction",
    "InteractionKind",
    "InteractionQuerySet",
    "Lead",
    "LeadFile",
    "LossReason",
    "LostReason",
    "MAX_CENTS",
    "Note",
    "Product",
    "Purpose",
    "RotationSettings",
    "RowOutcome",
    "SavedView",
    "Source",
    "StageExpectation",
    "Strategy",
    "Task",
    "TaskKind",
    "TaskState",
    "Temperature",
    "Weekday",
    "WorkingHours",
]

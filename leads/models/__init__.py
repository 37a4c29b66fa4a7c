"""Leads, the people who serve them, what is kept beside them, and the record of everything done to them."""

from leads.models.base import MAX_CENTS, Attendance, CentsField, Product, Source, Temperature
from leads.models.history import ActorKind, BoardDelta, Interaction, InteractionKind, InteractionQuerySet
from leads.models.leads import Lead
from leads.models.people import Consultant
from leads.models.work import LeadFile, Note, SavedView, Task, TaskKind, TaskState
from leads.pipeline import LostReason

__all__ = [
    "ActorKind",
    "Attendance",
    "BoardDelta",
    "CentsField",
    "Consultant",
    "Interaction",
    "InteractionKind",
    "InteractionQuerySet",
    "Lead",
    "LeadFile",
    "LostReason",
    "MAX_CENTS",
    "Note",
    "Product",
    "SavedView",
    "Source",
    "Task",
    "TaskKind",
    "TaskState",
    "Temperature",
]

"""Writes the demo into an empty database: a working day at an invented firm, told relative to now."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import models, transaction

from agent.models import Dialogue, Simulation, Turn
from conversations.models import Contact, Conversation, Message
from crm.accounts.models import User
from crm.core.clock import now
from crm.demo.answers import answers_make
from crm.demo.bells import bells_make
from crm.demo.board import history_make, leads_make, rotation_make
from crm.demo.business import business_make, inboxes_make, users_make
from crm.demo.phones import phones_make
from crm.demo.plan import Plan, plans_make
from crm.demo.tasks import tasks_make
from crm.demo.threads import livia_make, messages_draft, threads_make
from crm.realtime.models import Notification
from leads.models import Interaction, Lead, Task
from whatsapp.models import Session

_DATED = (Lead, Interaction, Task, Contact, Conversation, Message, Dialogue, Simulation, Turn, Notification)


def is_empty() -> bool:
    return not (User.objects.exists() or Lead.objects.exists())


def seed() -> int:
    """Write everything; how many leads there are now. Call it on an empty database."""
    rng = random.Random(7)
    with transaction.atomic(), _own_dates():
        plans, session = _rows(rng)
    if settings.SIMULATOR_ENABLED:
        phones_make(session, plans)
    return len(plans)


def _rows(rng: random.Random) -> tuple[list[Plan], Session]:
    today = now()
    users = users_make(today)
    business_make()
    answers_make(users[0])
    inboxes = inboxes_make()
    plans = plans_make(today, list(users[:2]), rng)
    messages_draft(plans, rng)
    leads_make(plans, rng)
    rotation_make(plans)
    threads_make(plans, inboxes, today)
    livia_make(plans)
    tasks_make(plans, today)
    history_make(plans, users[2])
    bells_make(plans, users, today)
    return plans, Session.objects.get(inbox=inboxes["livia"])


@contextmanager
def _own_dates() -> Iterator[None]:
    """Let rows keep the dates they are given, in this process, while the past is written."""
    stamped = [
        (field, name)
        for model in _DATED
        for field in model._meta.fields
        for name in ("auto_now", "auto_now_add")
        if isinstance(field, models.DateTimeField) and getattr(field, name)
    ]
    for field, name in stamped:
        setattr(field, name, False)
    try:
        yield
    finally:
        for field, name in stamped:
            setattr(field, name, True)

"""What becomes of each person of the demo, and when, before a row is written."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone

from agent import catalogue
from agent.brain.products import DEFAULT_PRODUCTS
from agent.models import Simulation
from agent.scoring import classify_values
from conversations.models import Conversation, Message
from crm.accounts.models import User
from crm.demo.people import AUTO, PEOPLE, Person
from crm.demo.script import Played, Player, Talk
from crm.demo.talks import TALKS
from leads.classification import Classification
from leads.models import Lead, Task
from leads.pipeline import Status

_PATH = (Status.NEW, Status.CONTACTED, Status.QUALIFIED, Status.PROPOSAL, Status.WON)


@dataclass
class Plan:
    """One person's way through the demo; the rows are filled in as they are written."""

    person: Person
    owner: User | None
    started: datetime
    changed: datetime  # when it came into its column
    talk: Talk | None = None
    played: Played = field(default_factory=Played)
    lead: Lead = field(default_factory=Lead)
    conversation: Conversation | None = None
    messages: list[Message] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    simulations: dict[int, Simulation] = field(default_factory=dict)  # by turn

    @property
    def with_livia(self) -> bool:
        return bool(self.played.turns)

    @property
    def reason(self) -> str:
        """Why Lívia left the talk, if she did."""
        return self.played.turns[-1].decision.reason if self.with_livia else ""

    def at(self, position: int) -> datetime:
        """When a line of the talk was said."""
        return self.started + self.played.said[position].at

    @cached_property
    def classified(self) -> list[Classification]:
        """What the client was worth after each turn; without turns, once at the start."""
        if not self.with_livia:
            return [classify_values(self.first_values(), products=DEFAULT_PRODUCTS)]
        return [
            classify_values(
                {**turn.decision.state.slots, "source": "whatsapp"},
                intents=(turn.decision.intent,),
                simulation=turn.decision.simulation,
                products=DEFAULT_PRODUCTS,
            )
            for turn in self.played.turns
        ]

    def first_values(self) -> dict[str, Any]:
        """The lead as a form gives it."""
        values = {
            **self.facts(),
            "source": self.person.source,
            "tracking": self.tracking(),
            "message": self.person.message,
        }
        return {name: value for name, value in values.items() if value}

    def facts(self) -> dict[str, Any]:
        """The lead's own data: from the table, or what the client told Lívia."""
        person = self.person
        value = "vehicle_value" if person.product == AUTO else "property_value"
        facts = {
            "product": person.product,
            "credit_amount": person.credit * 100 or None,
            value: person.value * 100 or None,
            "monthly_income": person.income * 100 or None,
            "down_payment": person.down * 100 or None,
            "term_months": person.term or None,
            "occupation": person.occupation,
            "purpose": person.purpose,
        }
        if not self.with_livia:
            return facts | {"name": person.name, "city": person.city, "uf": person.uf}
        told = {name: slot for name, slot in self.played.state.slots.items() if name in facts or name in ("city", "uf")}
        if "credit_amount" not in told and self.offered:
            told["credit_amount"] = self.offered
        return facts | told | {"name": person.name}

    @property
    def offered(self) -> int | None:
        """The credit of the last simulation."""
        made = [turn.decision.simulation for turn in self.played.turns if turn.decision.simulation]
        return made[-1].credit_amount if made else None

    def tracking(self) -> dict[str, str]:
        parts = self.person.utm.split("/") if self.person.utm else []
        return dict(zip(("utm_source", "utm_medium", "utm_campaign"), parts, strict=False))

    def handed_over(self) -> datetime | None:
        """When a consultant got the client from Lívia, or answered the first message."""
        if self.with_livia:
            return self.at(self.played.left) if self.played.left is not None and self.owner else None
        return self.at(self.played.taken) if self.played.taken is not None else None

    def moves(self) -> list[tuple[datetime, Status, Status]]:
        """Each move through the columns: when, from, to."""
        target, first = Status(self.person.status), self._first_column()
        path = [first, target] if target == Status.LOST else list(_PATH[_PATH.index(first) : _PATH.index(target) + 1])
        begun = self.handed_over() or self.started
        moves = [(begun, Status.NEW, first)] if first != Status.NEW else []
        steps = list(zip(path, path[1:], strict=False))
        for number, (origin, to) in enumerate(steps, 1):
            moves.append((begun + (self.changed - begun) * number / len(steps), origin, to))
        return moves

    def _first_column(self) -> Status:
        if self.handed_over() is None:
            return Status.NEW
        return Status.QUALIFIED if self.reason == "qualified" else Status.CONTACTED


def plans_make(now: datetime, owners: list[User], rng: random.Random) -> list[Plan]:
    """Everybody's plan, oldest first. The consultants take turns."""
    player = Player(
        products=catalogue.products(), business=catalogue.business(), today=timezone.localdate(now), rng=rng
    )
    plans, turn = [], 0
    for person in PEOPLE:
        served = person.status != Status.NEW and person.lost != "other"
        owner = owners[turn % len(owners)] if served else None
        turn += served
        plans.append(_plan(person, owner, now, player))
    return sorted(plans, key=lambda plan: plan.started)


def _plan(person: Person, owner: User | None, now: datetime, player: Player) -> Plan:
    changed = now - timedelta(hours=person.since)
    talk = TALKS.get(person.talk)
    if talk is None:
        started = now - timedelta(days=person.age) if person.age else changed
        return Plan(person, owner, started, changed)
    played = player.play(talk, owner=owner.name if owner else "")
    plan = Plan(person, owner, now - timedelta(minutes=talk.ended) - played.length, changed, talk, played)
    if not person.since:
        plan.changed = plan.handed_over() or plan.started
    return plan

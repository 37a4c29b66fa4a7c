"""The clients' side of the demo: the simulated phones, with Lívia's number already paired."""

import json
from contextlib import suppress

import redis

from conversations.models import Direction
from crm.demo.plan import Plan
from whatsapp.gateways.simulator import SimulatorGateway
from whatsapp.models import Session
from whatsapp.simulator.keys import KEPT_SECONDS, TICK_ORDER, Line
from whatsapp.simulator.network import Network


def phones_make(session: Session, plans: list[Plan]) -> None:
    """Pair Lívia's number and show the clients' phones what was said. Without Redis a person pairs it, as any other."""
    with suppress(redis.RedisError):
        network = Network(session.pk)
        network.forget()
        session.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        SimulatorGateway(session.pk, session.folder, lambda event: None).adopt()
        talking = [plan for plan in plans if plan.with_livia]
        for plan in sorted(talking, key=lambda plan: plan.messages[-1].created_at):
            _remember(network, plan)


def _remember(network: Network, plan: Plan) -> None:
    person = network.meet(plan.lead.phone.lstrip("+"), plan.person.name)
    sent = [message for message in plan.messages if message.provider_id]
    lines = [
        Line(message.provider_id, message.direction == Direction.IN, message.text, message.sent_at, kind=message.kind)
        for message in sent
    ]
    ticks = {message.provider_id: message.state for message in sent if message.state in TICK_ORDER}
    with network.redis.pipeline() as pipe:
        for name, change in (("lines", None), ("ticks", ticks)):
            key = network.key(name, person.chat)
            pipe.hset(key, mapping=change) if change else pipe.rpush(key, *(json.dumps(row.as_dict()) for row in lines))
            pipe.expire(key, KEPT_SECONDS)
        pipe.execute()

"""Finds a session's gateway. By name, so that neonize is loaded by the one process that uses it."""

from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from whatsapp import states
from whatsapp.gateways.base import Gateway

PATHS: Mapping[str, str] = {
    states.Gateway.SIMULATOR: "whatsapp.gateways.simulator.SimulatorGateway",
    states.Gateway.NEONIZE: "whatsapp.gateways.neonize.gateway.NeonizeGateway",
}

# Where a gateway keeps a store of people: what takes one out of it.
_FORGETTERS: Mapping[str, str] = {states.Gateway.NEONIZE: "whatsapp.gateways.neonize.forgetting.store_forget"}


def available() -> list[str]:
    """The gateways this installation can run: the simulator only where it is switched on."""
    codes = [code for code, path in PATHS.items() if find_spec(path.rpartition(".")[0])]
    return [code for code in codes if code != states.Gateway.SIMULATOR or settings.SIMULATOR_ENABLED]


def gateway_class(name: str) -> type[Gateway]:
    return import_string(PATHS[name])


def store_forgetter(name: str) -> Callable[[Path, Iterable[str]], int] | None:
    """What takes people (digits of their numbers) out of what a gateway keeps in a session's folder."""
    path = _FORGETTERS.get(name)
    return import_string(path) if path else None

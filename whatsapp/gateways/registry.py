"""Finds a session's gateway. By name, so that neonize is loaded by the one process that uses it."""

from collections.abc import Mapping
from importlib.util import find_spec

from django.conf import settings
from django.utils.module_loading import import_string

from whatsapp import states
from whatsapp.gateways.base import Gateway

PATHS: Mapping[str, str] = {
    states.Gateway.SIMULATOR: "whatsapp.gateways.simulator.SimulatorGateway",
    states.Gateway.NEONIZE: "whatsapp.gateways.neonize.gateway.NeonizeGateway",
}


def available() -> list[str]:
    """The gateways this installation can run: the simulator only where it is switched on."""
    codes = [code for code, path in PATHS.items() if find_spec(path.rpartition(".")[0])]
    return [code for code in codes if code != states.Gateway.SIMULATOR or settings.SIMULATOR_ENABLED]


def gateway_class(name: str) -> type[Gateway]:
    return import_string(PATHS[name])

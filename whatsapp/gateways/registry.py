"""Finds a session's gateway. By name, so that neonize is loaded by the one process that uses it."""

from collections.abc import Mapping

from django.utils.module_loading import import_string

from whatsapp import states
from whatsapp.gateways.base import Gateway

PATHS: Mapping[str, str] = {
    states.Gateway.SIMULATOR: "whatsapp.gateways.simulator.SimulatorGateway",
    states.Gateway.NEONIZE: "whatsapp.gateways.neonize.NeonizeGateway",
}


def gateway_class(name: str) -> type[Gateway]:
    return import_string(PATHS[name])

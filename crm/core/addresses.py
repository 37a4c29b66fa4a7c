"""The network address a request comes from, believed only as far as our own proxies carry it."""

import ipaddress
from typing import Any

from django.conf import settings


def address_of(request: Any) -> str | None:
    """The client's address: the connection's, or, behind `TRUSTED_PROXIES` proxies, the one the outermost of them saw.
    None where there is none, or none that is one. `request` is Django's or REST framework's."""
    text = request.META.get("REMOTE_ADDR") or ""
    proxies = settings.TRUSTED_PROXIES
    if proxies:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        text = hops[-min(proxies, len(hops))] if hops else text
    try:
        return str(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return None


def network_of(request: Any) -> str:
    """Whose requests a limit counts together: the address, of IPv6 its network of 64 bits, which is what a household
    or a rented server has to itself. Requests without an address share one count."""
    address = address_of(request)
    if address is None or ":" not in address:
        return address or "unknown"
    found = ipaddress.IPv6Address(address)
    return str(found.ipv4_mapped or ipaddress.IPv6Network((int(found) >> 64 << 64, 64)).network_address)

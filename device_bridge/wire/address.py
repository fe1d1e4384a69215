"""The gateway's address."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from device_bridge.wire.messages import PATH


class Unencrypted(Exception):
    """The address would send in the clear over a network."""


def address(gateway: str) -> str:
    """The address to connect to, `wss://…/bridge`. Raises Unencrypted, or ValueError for none."""
    parts = urlsplit(gateway if "://" in gateway else f"wss://{gateway}")
    if parts.scheme not in ("ws", "wss", "http", "https") or not parts.hostname:
        raise ValueError("not an address")
    scheme = "wss" if parts.scheme in ("wss", "https") else "ws"
    if scheme == "ws" and not is_loopback(parts.hostname):
        raise Unencrypted
    path = parts.path.rstrip("/")
    return f"{scheme}://{parts.netloc}{path if path.endswith(PATH) else path + PATH}"


def is_protected(gateway: str) -> bool:
    """True for an address that may be used: TLS, or this machine."""
    try:
        address(gateway)
    except (ValueError, Unencrypted):
        return False
    return True


def is_loopback(host: str) -> bool:
    """True for an address of this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

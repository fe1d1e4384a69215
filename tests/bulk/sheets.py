"""Bulk files for tests."""

from __future__ import annotations

from collections.abc import Sequence

from sandbox import showcase
from sandbox.client import Shown
from tests.support import Chat

HEADING = "POD;MOME-ID/SID;Tipo di Configurazione"
PLAIN = showcase.pod_number(102)
PROSUMER = showcase.pod_number(20)
FIRST_PRODUCTION = showcase.pod_number(21)
OURS_ALREADY = showcase.pod_number(2)
OTHERS_ALREADY = showcase.pod_number(3)
UNKNOWN = showcase.pod_number(9_999)
UNSUITABLE = showcase.pod_number(10)
UNREACHABLE = showcase.pod_number(11)
UNAVAILABLE = showcase.pod_number(12)
PRODUCTION = showcase.pod_number(21)


def sid(number: int) -> str:
    return showcase.sid("MOME", number)


def line(pod: str, number: int, configuration: str = "Standard") -> str:
    return f"{pod};{sid(number)};{configuration}"


def plain_pods(number: int) -> list[str]:
    """Eligible PODs of the demo's register, without households of prosumers."""
    found: list[str] = []
    at = 101
    while len(found) < number:
        if at % 10 not in (0, 1):
            found.append(showcase.pod_number(at))
        at += 1
    return found


def sheet(lines: Sequence[str], heading: str = HEADING) -> bytes:
    return ("\r\n".join([heading, *lines]) + "\r\n").encode("utf-8-sig")


def good(number: int, first_device: int = 10) -> bytes:
    """A file of so many good rows."""
    pods = plain_pods(number)
    return sheet([line(pod, first_device + at) for at, pod in enumerate(pods)])


async def send(
    chat: Chat, content: bytes, *texts: str, name: str = "impianti.csv", button: str = ""
) -> Shown:
    """Send a file, and see the answer."""
    await chat.phone.send_file(content, name=name)
    return await chat.sees(*texts, button=button)

"""What a typed text is about, whatever was being asked: PODs and devices are recognised anywhere, in any
spelling.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.devices.codes import find_codes
from backend.supplies.pod import find_pods, suggest


@dataclass(frozen=True, slots=True)
class Recognised:
    """An action that the text asks for, and its argument."""

    action: str
    argument: str


def recognise(text: str, sid_pattern: str) -> Recognised | None:
    """One POD is a look-up, several are a choice; SIDs or NIDs are devices; what is nearly a POD is a
    question.
    """
    pods = find_pods(text)
    if len(pods) == 1:
        return Recognised("pod", pods[0].code)
    if pods:
        return Recognised("which_pod", " ".join(pod.code for pod in pods))
    codes = find_codes(text, sid_pattern)
    if codes.sids or codes.nids:
        return Recognised("device", " ".join(codes.sids or codes.nids))
    meant = suggest(text)
    return Recognised("did_you_mean", meant.code) if meant is not None else None

"""A picture that may be of a label: it is read, and what was read is shown before it is used."""

from __future__ import annotations

import json
from typing import Any

from backend.core.json_values import from_json, to_json
from backend.devices import service as devices
from backend.devices.codes import CodeKind, Codes
from backend.identity.permissions import Permission
from backend.labels import service as labels
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Give, Question, Reject, Show, Start, Wait, show
from conversations.core.context import TurnContext
from conversations.core.effects import GoOn, JobRequest, order
from conversations.core.labels import READ_LABEL, Picture
from conversations.core.navigation import id_of, way_on
from conversations.core.prompts import NOTHING, Entry, Prompt
from conversations.core.replies import Sent
from conversations.core.waiting import moment
from conversations.labels.confirming import MOST_CHOICES, Candidate, Label, LabelDraft, in_words

BOTH = (CodeKind.NID, CodeKind.SID)


class ReadLabel(Action):
    """Read the codes on a picture. The argument is a `Picture` as JSON."""

    name = READ_LABEL
    permission = None  # what a question asks for, whoever is asked may send

    async def run(self, argument: str, context: TurnContext) -> Answer:
        try:
            picture = from_json(Picture, json.loads(argument))
        except ValueError:
            return show(Prompt(context.say("dialogue.garbled"), way_on(context)))
        if not picture.asked and not context.may(Permission.SEE_DEVICES):
            return Give(picture.sent)
        reading = moment(context.say("label.reading"), context)
        return Wait(Question(JobRequest("label", to_json(picture))), lambda: reading)

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        picture = from_json(Picture, arguments)
        codes = Codes(tuple(result.get("sids", ())), tuple(result.get("nids", ())))
        wanted = Codes(
            codes.sids if CodeKind.SID in (picture.asked or BOTH) else (),
            codes.nids if CodeKind.NID in (picture.asked or BOTH) else (),
        )
        found = await candidates(wanted, context)
        if not found:
            return _nothing(picture, codes, result, context)
        if picture.asked or len(found) > 1:
            return Start(Label.name, LabelDraft(found, picture.asked or BOTH, picture.sent, picture.taken))
        return _shown(found[0], picture.sent, context)


def _nothing(picture: Picture, codes: Codes, result: Any, context: TurnContext) -> Answer:
    """Say what to do better; the picture is for the question all the same, or the beginning of a request."""
    say, why = context.say, str(result.get("why", "failed" if "failed" in result else ""))
    if not picture.asked:
        head = say("label.nothing_here" if context.asking else "label.nothing")
        return Give(picture.sent, head=NOTHING if why else head)
    if picture.taken:
        return Give(picture.sent, head=say("label.kept"))
    if why in ("gone", "too_big", "failed"):
        return Give(because=Reject("label.failed"))
    if why == "format":
        return Give(because=Reject("label.format"))
    if codes.sids or codes.nids:  # of the kind that was not asked for
        kind, code = ("SID", codes.sids[0]) if codes.sids else ("NID", codes.nids[0])
        wanted = "NID" if codes.sids else "SID"
        return Give(because=Reject("label.other_kind", kind=kind, code=code, wanted=wanted))
    return Give(because=Reject("label.unreadable"))


def _shown(found: Candidate, sent: Sent, context: TurnContext) -> Answer:
    """Show what was read, and the device below; a request may still begin with the picture."""
    say = context.say
    text = say("label.read", codes=in_words(found, say))
    device = GoOn("device", found.sid or found.nid or "")
    if not context.may(Permission.OPEN_TICKETS):
        return Show((Prompt(text),), (device,))

    def finish(number: int) -> list[Prompt]:
        request = Entry(say("label.button.request"), LabelRequest.name, str(number))
        return [Prompt(text, ((request,),), persistent=True)]

    return Do(order(labels.keep, context.acting, sent, context.now), finish, (device,))


async def candidates(codes: Codes, context: TurnContext) -> tuple[Candidate, ...]:
    """What may be meant: a SID and a NID together where they are of one device, or where nothing speaks
    against it; else each by itself.
    """
    sids, nids = list(codes.sids[:MOST_CHOICES]), list(codes.nids[:MOST_CHOICES])
    alone = len(sids) == len(nids) == 1
    found = list[Candidate]()
    if sids and nids and context.may(Permission.SEE_DEVICES):
        for sid in codes.sids[:MOST_CHOICES]:
            device = await context.short_read(devices.find, context.acting, sid=sid)
            if device is not None and device.nid in nids:
                found.append(Candidate(sid, device.nid))
                sids.remove(sid)
                nids.remove(device.nid)
            elif device is not None:
                alone = False
        for nid in nids:
            alone = alone and await context.short_read(devices.find, context.acting, nid=nid) is None
    if alone and not found:
        return (Candidate(sids[0], nids[0]),)
    found += [Candidate(sid, None) for sid in sids] + [Candidate(None, nid) for nid in nids]
    return tuple(found[:MOST_CHOICES])


class LabelRequest(Action):
    """Begin a request for assistance with a picture in which a code was read. The argument is its number."""

    name = "label_request"
    permission = Permission.OPEN_TICKETS
    navigates = True

    async def run(self, argument: str, context: TurnContext) -> Answer:
        kept = await context.short_read(labels.kept, context.acting, id_of(argument) or 0, Sent)
        if kept is None:
            return show(Prompt(context.say("label.gone"), way_on(context)))
        return Give(kept, anew=True)

"""What was read on a label, shown before it is used: is it right, or which of several codes is meant?"""

from __future__ import annotations

from dataclasses import dataclass

from backend.devices.codes import CodeKind, find_codes
from conversations.core.answers import Answer, Give, Reject
from conversations.core.context import Say, TurnContext
from conversations.core.flow import Flow, Step, chosen
from conversations.core.prompts import Choice, Html, Prompt, Rows, join
from conversations.core.replies import Reply, Sent, Typed

MOST_CHOICES = 8
NO, PICTURE = "no", "picture"


@dataclass(frozen=True)
class Candidate:
    """The codes of one device that were read; one of them may be None."""

    sid: str | None
    nid: str | None

    @property
    def text(self) -> str:
        """The codes as they would be typed."""
        return "\n".join(code for code in (self.sid, self.nid) if code)


@dataclass(frozen=True)
class LabelDraft:
    """What was read, and what was sent. `asked` are the codes that are asked for; `attach`: the question
    takes the picture, too.
    """

    found: tuple[Candidate, ...]
    asked: tuple[CodeKind, ...]
    sent: Sent
    attach: bool = False


def in_words(candidate: Candidate, say: Say) -> Html:
    """The codes of a candidate, a line each."""
    lines = []
    if candidate.sid is not None:
        lines.append(say("label.code", kind="SID", code=candidate.sid))
    if candidate.nid is not None:
        lines.append(say("label.code", kind="NID", code=candidate.nid))
    return join(lines)


class LabelStep(Step[LabelDraft]):
    """Is that right?"""

    name = "right"

    def filled(self, draft: LabelDraft) -> bool:
        return False

    def asks_codes(self, draft: LabelDraft, context: TurnContext) -> frozenset[CodeKind]:
        return frozenset(draft.asked)

    def claims(self, text: str, draft: LabelDraft, context: TurnContext) -> bool:
        codes = find_codes(text, context.services.sid_pattern)
        return bool(codes.sids or codes.nids)

    async def ask(self, draft: LabelDraft, context: TurnContext) -> Prompt:
        say = context.say
        if len(draft.found) == 1:
            text = say("label.right.ask", codes=in_words(draft.found[0], say))
            rows: Rows = ((Choice(say("label.button.yes"), "0"),),)
        else:
            text = say("label.right.ask_which", number=len(draft.found))
            rows = tuple((Choice(_label(each), str(at)),) for at, each in enumerate(draft.found))
        no = "label.button.no" if len(draft.found) == 1 else "label.button.none"
        rows = (*rows, (Choice(say(no), NO),))
        if draft.attach:
            rows = (*rows, (Choice(say("label.button.attach"), PICTURE),))
        return Prompt(text, rows)

    async def answer(self, draft: LabelDraft, reply: Reply, context: TurnContext) -> Answer:
        if isinstance(reply, Typed) and self.claims(reply.text, draft, context):
            return Give(reply)
        choices = {str(at): each for at, each in enumerate(draft.found)}
        value = chosen(reply, *choices, NO, *((PICTURE,) if draft.attach else ()))
        if value == NO:
            return Give(because=Reject("label.write"))
        if value == PICTURE:
            return Give(draft.sent)
        return Give(Typed(choices[value].text))


def _label(candidate: Candidate) -> str:
    names = (("SID", candidate.sid), ("NID", candidate.nid))
    return " · ".join(f"{name} {code}" for name, code in names if code)


class Label(Flow[LabelDraft]):
    """Shows what was read, and hands it to the question beneath."""

    name = "label"
    draft_type = LabelDraft
    gives = True
    steps = (LabelStep(),)

    def begins_anew(self, draft: LabelDraft) -> bool:
        return True

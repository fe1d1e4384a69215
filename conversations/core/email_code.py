"""The question for a code that was sent by e-mail."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import Any, Generic, TypeVar

from backend.email_codes import service as email_codes
from backend.email_codes.service import Try
from conversations.core.answers import Answer, Await, Next, Question, Reject
from conversations.core.context import TurnContext
from conversations.core.effects import JobRequest, order
from conversations.core.flow import Step
from conversations.core.prompts import Choice, Prompt
from conversations.core.replies import Chosen, Reply, Typed

D = TypeVar("D")

KIND = "email_code"
AGAIN = "again"
_CODE = re.compile(r"[0-9]{6}")


def masked(address: str) -> str:
    """An address that only its owner recognises."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def send_code(address: str, context: TurnContext) -> Question:
    """The job that sends a code to this address."""
    return Question(JobRequest(KIND, {"email": address, "language": context.say.language}))


class CodeStep(Step[D], Generic[D]):
    """Which code did the e-mail bring? A flow comes here from a question that waited for `send_code`."""

    name = "code"

    @abstractmethod
    def address(self, draft: D) -> str:
        """The address that the code is sent to."""

    @abstractmethod
    async def given(self, draft: D, code: str, context: TurnContext) -> Answer:
        """Act on the right code; what is ordered uses it up."""

    def filled(self, draft: D) -> bool:
        return False

    def claims(self, text: str, draft: D, context: TurnContext) -> bool:
        return True

    async def ask(self, draft: D, context: TurnContext) -> Prompt:
        asked = context.say("email_code.ask", address=masked(self.address(draft)))
        return Prompt(asked, ((Choice(context.say("email_code.button.again"), AGAIN),),))

    async def waiting(self, draft: D, context: TurnContext) -> Prompt:
        return Prompt(context.say("email_code.sending"))

    async def answer(self, draft: D, reply: Reply, context: TurnContext) -> Answer:
        if isinstance(reply, Chosen) and reply.value == AGAIN:
            return Await(send_code(self.address(draft), context), draft)
        if not isinstance(reply, Typed):
            raise Reject("text")
        code = re.sub(r"[\s\-]", "", reply.text)
        if not _CODE.fullmatch(code):
            raise Reject("email_code.error.digits")
        me = context.person.user_id
        address = self.address(draft)
        tried = await context.short_read(email_codes.attempt, me, address, code, context.now)
        if tried.result is Try.RIGHT:
            return await self.given(draft, code, context)
        count = order(email_codes.count_try, me, address, context.now)
        if tried.result is Try.WRONG:
            raise Reject("email_code.error.wrong", count, left=tried.left)
        raise Reject("email_code.error.void", count)

    async def resumed(self, draft: D, result: Any, context: TurnContext) -> Answer:
        return after_sending(draft, result, self.name)


def after_sending(draft: Any, result: dict[str, Any], step: str) -> Answer:
    """Go on to the question for the code, once it has been sent. Raises Reject where it was not."""
    if result.get("sent"):
        return Next(draft, step)
    raise Reject(_NOT_SENT.get(result.get("why", ""), "email_code.error.mail"))


_NOT_SENT = {"too_many": "email_code.error.too_many", "refused": "email_code.error.address"}

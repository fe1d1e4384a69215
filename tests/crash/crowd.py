"""People who act at random: they type, press, press twice, press old buttons, leave and come back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from sandbox import showcase
from sandbox.client import RefusedError, Screen
from tests.crash.bot import SLOW_POD
from tests.support import Chat

PODS = [case.pod for case in showcase.cases()]
FREE_PODS = [showcase.pod_number(number) for number in range(201, 221)]
"""Eligible supplies, few enough for people to get into each other's way."""
TEXTS = (
    "/start",
    "/annulla",
    "/aiuto",
    "/stato",
    "ciao",
    "IT001E",
    "🙃🙃🙃",
    "<b>no",
    "\u202egnirts",
    "4" * 4096,
)
WAYS_BACK = ("~back", "~cancel")
LOOK_SECONDS = 1.0
"""How long a person waits to see whether something happens."""


class Wanderer:
    """One person without a plan; the seed chooses among the actions that the screen offers."""

    def __init__(self, chat: Chat, number: int, seed: int) -> None:
        self.chat = chat
        self.did = 0
        self._chance = random.Random(f"{seed}-{number}")  # noqa: S311 - nothing secret
        first = 2 if number < 2 else 502  # two colleagues, and one of another integrator
        self._devices = [showcase.sid("MOME", index) for index in range(first, first + 12)]
        self._steps: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (10, self._type_a_pod),
            (100, self._go_on),
            (20, self._press),
            (4, self._type_a_device),
            (6, self._press_twice),
            (4, self._press_something_old),
            (6, self._type_anything),
            (2, self._send_a_sticker),
            (1, self._leave_and_come_back),
        ]

    async def wander(self, over: asyncio.Event) -> None:
        """Act until the time is over; have come back by then."""
        weights = [weight for weight, _ in self._steps]
        while not over.is_set():
            before = await self.chat.screen()
            _, step = self._chance.choices(self._steps, weights)[0]
            try:
                await step()
                self.did += 1
            except RefusedError:  # actions that a real app would not allow
                continue
            await self._look(before)
        await self.chat.phone.block(False)

    async def _look(self, before: Screen) -> None:
        """Wait for an answer as long as the patience lasts."""
        mine = len(before.messages) + 1
        try:
            await self.chat.phone.wait_for(
                lambda screen: len(screen.messages) > mine or screen.from_bot != before.from_bot or None,
                LOOK_SECONDS,
            )
        except TimeoutError:
            return

    async def _type_a_pod(self) -> None:
        await self.chat.type(self._chance.choice([*FREE_PODS, *PODS, SLOW_POD]))

    async def _type_a_device(self) -> None:
        await self.chat.type(self._chance.choice(self._devices))

    async def _type_anything(self) -> None:
        await self.chat.type(self._chance.choice(TEXTS))

    async def _go_on(self) -> None:
        """Answer the last message, or take its first offer."""
        shown = (await self.chat.screen()).from_bot
        onward = [
            button.data
            for button in (shown[-1].buttons if shown else ())
            if button.data and not button.data.endswith(WAYS_BACK)
        ]
        if onward:
            await self.chat.phone.press(data=onward[0], message_id=shown[-1].message_id)
        elif shown and "SID" in shown[-1].text:
            await self._type_a_device()
        else:
            await self._type_a_pod()

    async def _press(self) -> None:
        message_id, data = await self._any_button()
        await self.chat.phone.press(data=data, message_id=message_id)

    async def _press_twice(self) -> None:
        message_id, data = await self._any_button()
        for _ in range(2):
            await self.chat.phone.press(data=data, message_id=message_id, stale=True)

    async def _press_something_old(self) -> None:
        """Press an old button further up in the chat."""
        message_id, data = await self._any_button(of_the_last=30)
        await self.chat.phone.press(data=data, message_id=message_id, stale=True)

    async def _send_a_sticker(self) -> None:
        await self.chat.phone.send_sticker()

    async def _leave_and_come_back(self) -> None:
        await self.chat.phone.block(True)
        await self.chat.phone.block(False)

    async def _any_button(self, of_the_last: int = 3) -> tuple[int, str]:
        screen = await self.chat.screen()
        buttons = [
            (message.message_id, button.data)
            for message in screen.from_bot[-of_the_last:]
            for button in message.buttons
            if button.data is not None
        ]
        if not buttons:
            raise RefusedError(409, "there is no button")
        return self._chance.choice(buttons)

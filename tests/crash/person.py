"""A person who looks a supply up, associates it, gets the SCP file and deletes the association.

They repeat nothing, whatever happens to the bot: no accepted message may be lost. They press only buttons
that are shown, and a second time only if the question is in another message, or shown again.
"""

from __future__ import annotations

from sandbox import showcase
from sandbox.client import RefusedError, Screen, Shown
from tests.crash.bot import SLOW_POD
from tests.support import PATIENCE, Chat, picture

POD = showcase.cases()[0].pod
SID = showcase.sid("MOME", 2)
TYPED_PODS = 2
START_PATIENCE = 4 * PATIENCE
"""For so long the first answer is waited for (seconds): several bots start at the same time."""


class Person:
    """The person who goes through the session."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.did = 0
        """How often the person typed or pressed."""

    async def session(self) -> None:
        """Everything from the first command to the look-up after the deletion."""
        await self.type("/start", "Incolla un POD", patience=START_PATIENCE)
        await self.type(POD, "Dichiarazione da parte del System Integrator")
        await self.press("Accetto", "Fornitura ammissibile")
        await self.press("Associa un dispositivo", "Che dispositivo è?")
        await self.press("MOME", "Scrivi il SID")
        await self.type(SID, "Quale configurazione?")
        await self.press("Standard", "Riepilogo")
        await self.press("Conferma", "Associazione creata")
        await self.chat.document()
        await self.press("🗑 Elimina", "Elimino l’associazione")
        await self.press("Sì, elimina", "Associazione eliminata")
        await self.type(SLOW_POD, "Fornitura ammissibile")
        await self.type("/avvisa pioggia", "Te lo dirò", "Novità: pioggia")
        await self.type("/conta", "Contato fino a 3", "Lo dico anche qui")

    async def type(self, text: str, *answer: str, patience: float = PATIENCE) -> None:
        """Type, and wait for the answer somewhere below."""
        self.did += 1
        mine = await self.chat.type(text)

        def look(screen: Screen) -> bool | None:
            texts = [message.text for message in screen.from_bot if message.message_id > mine.message_id]
            return all(any(words in shown for shown in texts) for words in answer) or None

        try:
            await self.chat.phone.wait_for(look, patience)
        except TimeoutError:
            screen = picture(await self.chat.screen())
            raise AssertionError(f"not seen: {answer!r} below {text!r}\n{screen}") from None

    async def press(self, label: str, answer: str) -> None:
        """Press the button until the answer is there, but never the same button of the same message twice."""
        pressed: set[tuple[int, str]] = set()

        def look(screen: Screen) -> Shown | tuple[int, str] | None:
            for message in reversed(screen.from_bot):
                if answer in message.text:
                    return message
            for message in reversed(screen.from_bot):
                for button in message.buttons:
                    if label in button.text and button.data is not None:
                        press = (message.message_id, button.data)
                        if press not in pressed:
                            return press
            return None

        while True:
            try:
                found: Shown | tuple[int, str] = await self.chat.phone.wait_for(look, PATIENCE)
            except TimeoutError:
                screen = picture(await self.chat.screen())
                raise AssertionError(f"not seen: {answer!r} after pressing {label!r}\n{screen}") from None
            if isinstance(found, Shown):
                return
            message_id, data = found
            try:
                await self.chat.phone.press(data=data, message_id=message_id)
            except RefusedError:  # the message changed under the thumb
                continue
            self.did += 1
            pressed.add((message_id, data))

"""Updates that no Telegram would send: real ones, bent at random."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

from sandbox import showcase
from sandbox.client import UserClient
from sandbox.history import History
from sandbox.server import LocalBotApi
from sandbox.state import Bot, User

Json = dict[str, Any]

DEEP: Any = "deep"
for _ in range(150):
    DEEP = {"reply_to_message": DEEP}

VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**31,
    2**63 - 1,
    -(2**63),
    2**70,
    1e308,
    -0.5,
    "",
    " ",
    "x" * 4096,
    "à" * 40_000,
    "\x00",
    "\ud800",
    "\u202e\u2066esrever",
    "🙃" * 500,
    "<b>no</i>&lt;",
    "{ $reference }",
    "/" + "a" * 500,
    "/start@",
    "IT001E48600001",
    "IT 001 E 4860 0001\u200b",
    "0.e.associate.IT001E48600001",
    "1.d.1.confirm",
    "zzzzzzzzzzzzz.d.zzzzzzzzzzzzz." + "~" * 60,
    "'; DROP TABLE inbox; --",
    [],
    [[]],
    [None],
    {},
    {"id": {}},
    {"id": 7, "type": "private"},
    {"id": -100_500, "type": "supergroup", "is_forum": True},
    {"": ""},
    DEEP,
)
PEOPLE = 40
KINDS = (
    "channel_post",
    "inline_query",
    "poll_answer",
    "chat_join_request",
    "message_reaction",
    "business_message",
    "pre_checkout_query",
    "edited_message",
    "callback_query",
    "message",
    "no_such_kind",
)


async def real_updates(api: LocalBotApi, bot: Bot, person: User, history: History) -> list[Json]:
    """One update of each kind that people bring about; the bot need not run."""
    keyboard = {"inline_keyboard": [[{"text": "Sì", "callback_data": "1.e.home."}]]}
    async with UserClient(api.base_url, person.id) as phone:
        for text in ("/start", "/aiuto", showcase.pod_number(1), "ciao", showcase.sid("MOME", 3)):
            mine = await phone.type(text)
        await phone.edit(mine.message_id, "altro")
        await phone.type("inoltrato", forwarded_from="Qualcuno")
        shown = api.world.post(api.world.private_chat(bot, person), bot, {"text": "?"}, keyboard=keyboard)
        await phone.press(data="1.e.home.", message_id=shown.message_id)
        await phone.send_sticker()
        await phone.send_voice()
        await phone.share_contact("+39333000001")
        await phone.send_file(b"a;b\n", name="pod.csv", caption="ecco")
        await phone.send_album([("a.bin", b"a"), ("b.bin", b"b")])
        await phone.block()
        await phone.block(False)
    for is_forum in (False, True):
        group = api.add_group("Squadra", bot, [person], is_forum=is_forum)
        async with phone.at(group.id) as there:
            await there.type("/aiuto")
            await there.type("ciao a tutti")
            if not is_forum:
                await there.upgrade()
    updates = [{"update_id": 0, each.kind: each.payload} for each in history.updates]
    bot.updates.clear()
    return updates


def bent(real: list[Json], person: int, number: int, seed: int) -> Iterator[Json]:
    """`number` updates with their own ids, always the same for a seed: of the person whose real ones these
    are, and of others of whom the bot has never heard.
    """
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    for update_id in range(1, number + 1):
        who = person + 1000 * chance.randrange(PEOPLE)
        update = _of(who, person, chance.choice(real))
        for _ in range(chance.choice((0, 1, 1, 2, 3, 8))):
            _bend(update, real, chance)
        yield update | {"update_id": update_id}


def _of(who: int, person: int, value: Any) -> Any:
    """A copy in which one person is another."""
    match value:
        case dict():
            return {key: _of(who, person, item) for key, item in value.items()}
        case list():
            return [_of(who, person, item) for item in value]
        case _:
            return who if value == person else value


def _bend(update: Json, real: list[Json], chance: random.Random) -> None:
    """Change one thing, anywhere."""
    places = list(_places(update))
    holder, key = chance.choice(places)
    match chance.randrange(6):
        case 0:
            del holder[key]
        case 1 | 2:
            holder[key] = copy.deepcopy(chance.choice(VALUES))
        case 3 if isinstance(holder, dict):
            holder[chance.choice(KINDS)] = holder.pop(key)
        case 4:
            other, name = chance.choice(list(_places(chance.choice(real))))
            holder[key] = copy.deepcopy(other[name])
        case _ if isinstance(holder[key], str):
            at = chance.randrange(len(holder[key]) + 1)
            odd = chance.choice(("\x00", "\u200f", "<", "&", "\n", "9" * 30, "\U0001f643"))
            holder[key] = holder[key][:at] + odd + holder[key][at:]
    if not update:
        update["message"] = None


def _places(value: Any, depth: int = 0) -> Iterator[tuple[Any, Any]]:
    """Every key and index in a value."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        if depth < 12:
            yield from _places(value[key], depth + 1)


def encoded(update: Json) -> bytes:
    return json.dumps(update).encode()

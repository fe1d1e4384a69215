"""What the tests of watches share: meters that come within reach, checks that are made at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from sqlalchemy import select

from backend.supplies.central import CentralSystem
from backend.supplies.pod import Pod
from backend.supplies.values import CentralAnswer, Supply, SupplyFound
from backend.watches import service
from backend.watches.models import watches
from backend.watches.values import Watch
from bot.core.due_checks import DueCheck
from bot.core.scheduler import Scheduler
from bot.watches.feature import Watching
from tests.acceptance.walks import PODS
from tests.notices.test_notices import checks_made
from tests.support import World

FAR = PODS["non raggiungibile adesso"]
BEGIN = "Avvisami"
REACHED = "ora risponde"


class Meters:
    """A central system in front of another one."""

    def __init__(self) -> None:
        self._inner: CentralSystem | None = None
        self.within_reach = set[str]()
        self.out_of_reach = set[str]()
        self.replaced = dict[str, Supply]()
        self.asked = list[str]()

    def before(self, inner: CentralSystem) -> Meters:
        """Answer as this one does, but for the reach of these meters, and for supplies whose meter was
        replaced: by their PODs.
        """
        self._inner = inner
        return self

    def is_local(self, pod: Pod) -> bool:
        return True

    async def look_up(self, pod: Pod) -> CentralAnswer:
        """See `CentralSystem`."""
        assert self._inner is not None
        self.asked.append(pod.code)
        answer = await self._inner.look_up(pod)
        if not isinstance(answer, SupplyFound):
            return answer
        answer = replace(answer, supply=self.replaced.get(pod.code, answer.supply))
        reachable = answer.supply.reachable
        if pod.code in self.within_reach | self.out_of_reach:
            reachable = pod.code in self.within_reach
        return replace(answer, supply=replace(answer.supply, reachable=reachable))


async def rows(world: World) -> list[Watch]:
    """Every watch, in order."""

    def read(connection: object) -> list[Watch]:
        found = connection.execute(select(watches.c.id).order_by(watches.c.id))  # type: ignore[attr-defined]
        every = [service.of_any(connection, row.id) for row in found]  # type: ignore[arg-type]
        return [each for each in every if each is not None]

    return await world.database.long_read(read)


def schedulers(world: World, number: int = 1) -> list[Scheduler]:
    """So many schedulers that make the due check of watches."""
    assert world.clock is not None
    made = []
    for _ in range(number):
        watching = Watching(
            database=world.database,
            clock=world.clock,
            bot_id=world.bot.id,
            central=Meters(),
            limits={},
        )
        made.append(Scheduler(world.database, world.clock, [DueCheck("watches", watching.look)]))
    return made


async def looked(world: World, number: int = 1) -> None:
    """Make the due check of watches now, by so many schedulers at once; what they order is done, and whoever
    is to be told is told.
    """
    await asyncio.gather(*(each.look() for each in schedulers(world, number)))
    await world.settled()
    await checks_made(world)
    await world.settled()

"""Who was never let in is forgotten after a while; members, staff, the suspended and who waits are not."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, delete, select

from backend.core.db.database import Database
from backend.identity import people
from backend.identity import service as identity
from backend.identity.models import persons
from backend.identity.permissions import StaffRole
from backend.privacy import service as privacy
from backend.product import KEPT
from backend.registrations.models import registrations as rows
from tests.identity.test_takeover import IVA, THIEF, VICTIM, load, register
from tests.samples import START
from tests.support import World

YEAR = timedelta(days=365)
STRANGER, SUSPENDED, STAFF = 8001, 8002, 8003


async def test_strangers_are_forgotten_and_nobody_else(database: Database) -> None:
    def work(connection: Connection) -> None:
        load(connection)
        register(connection, VICTIM)
        register(connection, THIEF, email="altra@esempio.it", phone="+393339999999")  # waits
        people.add_person(connection, STRANGER, "Passante", START)
        people.add_person(connection, SUSPENDED, "Sospeso", START)
        connection.execute(
            persons.update().where(persons.c.telegram_user_id == SUSPENDED).values(suspended_at=START)
        )
        identity.add_staff(
            connection, telegram_user_id=STAFF, display_name="Ada", role=StaffRole.SUPPORT, at=START
        )
        late = START + YEAR + timedelta(days=1)
        assert privacy.forget_strangers(connection, KEPT, START + YEAR, YEAR) == 0
        assert privacy.forget_strangers(connection, KEPT, late, YEAR) == 1
        assert privacy.forget_strangers(connection, KEPT, late, YEAR) == 0
        connection.execute(delete(rows).where(rows.c.telegram_user_id == THIEF))  # decided, and forgotten
        assert privacy.forget_strangers(connection, KEPT, late, YEAR) == 1
        left = connection.scalars(
            select(persons.c.telegram_user_id).where(persons.c.telegram_user_id > 0)
        ).all()
        assert sorted(left) == [VICTIM, SUSPENDED, STAFF]
        assert identity.find_integrator(connection, IVA) is not None

    await database.write(work)


async def test_the_only_administrator_cannot_go(world: World) -> None:
    async with world.chat(8) as administrator:
        await administrator.says("/privacy", "I tuoi dati", button="Cancella i miei dati")
        await administrator.press("Cancella i miei dati")
        await administrator.sees("sei l’unico amministratore", button="Privacy")

"""The staff writes first, hands tickets over, and sees what did not arrive."""

from __future__ import annotations

from backend.core.mail.mailer import MemoryMailer
from backend.identity.permissions import StaffRole
from tests.support import Chat, World, on_sqlite
from tests.tickets.conftest import OTHER_STAFF
from tests.tickets.test_tickets import open_one, write


@on_sqlite
async def test_the_staff_writes_to_a_member_who_answers(world: World, declared: Chat, staff: Chat) -> None:
    await staff.says("/richieste", button="Scrivi a un integratore")
    await staff.press("Scrivi a un integratore")
    await staff.sees("A chi scrivi?")
    await staff.says("zz", "almeno 3 caratteri")
    await staff.says("Nessuno Così", "Non trovo nessuno")
    await staff.says("impianti demo", "A chi di loro?", button="Configuratore · Impianti Demo")
    await staff.press("Configuratore · Impianti Demo")
    await staff.sees("Di quale dispositivo", button="MOME")
    await staff.press("MOME")
    await staff.sees("Che cosa scrivi a Configuratore?")
    await staff.says(
        "Il vostro file di ieri era incompleto", "Questo lo leggerà Configuratore", button="Invia"
    )
    await staff.press("💬 Invia")
    await staff.sees("Messaggio inviato", "Messaggio dell’assistenza", "🛠 In Lavorazione")
    told = await declared.sees("L’assistenza ti scrive", "era incompleto", button="Richiesta n. 1")
    await declared.phone.type("Lo rimando subito", reply_to=told.message_id)
    await declared.sees("Aggiunto alla richiesta n. 1")
    await staff.sees("scrive:", "Lo rimando subito", button="Richiesta n. 1")


@on_sqlite
async def test_a_ticket_is_handed_over(world: World, declared: Chat, staff: Chat) -> None:
    await world.give_staff_role(StaffRole.SUPPORT, world.people[OTHER_STAFF].id)
    async with world.chat(OTHER_STAFF) as other:
        await other.says("/start")
        await open_one(declared)
        await staff.sees("Nuova richiesta n. 1", button="Richiesta n. 1")
        await staff.press("Richiesta n. 1")
        await staff.press("Prendi in carico")
        await staff.sees("🛠 In Lavorazione", button="Passa a")
        await staff.press("Passa a")
        await staff.sees("A chi passi la richiesta n. 1?", button="Installer")
        await staff.press("Installer")
        await staff.sees("👤 Installer")
        await other.sees("Request no. 1 is yours now", button="Request no. 1")
        await other.press("Request no. 1")
        await other.sees("👤 Installer", button="Answer")


async def test_what_did_not_arrive_is_said_and_comes_when_they_are_back(
    world: World, declared: Chat, staff: Chat, mailer: MemoryMailer
) -> None:
    await open_one(declared)
    await staff.sees("Nuova richiesta n. 1", button="Richiesta n. 1")
    await staff.press("Richiesta n. 1")
    await declared.phone.block()
    await write(staff, "Rispondi", "Che cosa rispondi", "Tutto a posto ora", "Invia al richiedente")
    await staff.saw("non consegnato", "Tutto a posto ora")
    await staff.says("/richieste 1")
    await world.settled()
    await declared.phone.block(False)
    await declared.says("/start")
    await declared.saw("l’assistenza risponde", "Tutto a posto ora")
    await world.settled()

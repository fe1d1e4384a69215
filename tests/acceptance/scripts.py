"""Scripts of every dialogue: its user, its questions and its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy import Connection

from backend.core.audit.values import AuditAction
from backend.identity import service as identity
from backend.identity.permissions import Role, StaffRole
from backend.invitations import service as invitations
from sandbox import labels, showcase
from tests.acceptance.document_scripts import DOCUMENT_SCRIPTS
from tests.acceptance.moves import NONSENSE, Attach, MailedCode, Move, Press, Script, Share, Write
from tests.acceptance.ticket_scripts import TICKET_SCRIPTS
from tests.acceptance.walks import MOME, OTHER_MOME, OURS, PLAIN, PRODUCTIONS, PROSUMER
from tests.fixtures.worlds import declare
from tests.identity.prepared import registered
from tests.registrations.walks import CODE, EMAIL, FIELDS, IVA, MOBILE, fill
from tests.registrations.walks import begin as begin_registration
from tests.support import Chat, World

GESIS = next(case.pod for case in showcase.cases() if case.title.startswith("contatore GESIS"))


async def _before_the_declaration(chat: Chat) -> None:
    await chat.says("/start", "Incolla un POD")
    await chat.press("Associazioni")


async def _from_the_search_button(chat: Chat) -> None:
    await declare(chat)
    await chat.press("Cerca un POD")


async def _from_the_audit(chat: Chat) -> None:
    await chat.says("/registro", "Registro delle operazioni")
    await chat.press("Cerca nel registro")


async def _from_an_eligible_prosumer(chat: Chat) -> None:
    await declare(chat)
    await chat.says(PROSUMER, "Fornitura ammissibile")
    await chat.press("Associa un dispositivo")


async def _from_ones_own_association(chat: Chat) -> None:
    await declare(chat)
    await chat.says(OURS, "Fornitura già associata")
    await chat.press("Elimina")


FORM = (
    "first_name",
    "last_name",
    "nationality",
    "codice_fiscale",
    "email",
    "company_name",
    "office",
    "partita_iva",
    "company_code",
    "mobile",
)
"""The fields of a registration that are typed."""
IN_WORDS = ("first_name", "last_name", "nationality", "company_name", "office")
"""Those that take most words."""
CONTRACT_FILE = (
    "Contratto;Partita IVA;Ragione sociale;E-mail;Codice Fiscale\r\n"
    f"C-7;{IVA};Impianti Nuovi;{EMAIL};{CODE}\r\n"
).encode()


async def _from_the_first_screen(chat: Chat) -> None:
    await begin_registration(chat)


async def _from_the_summary(chat: Chat) -> None:
    await begin_registration(chat)
    await fill(chat)
    await chat.press("Conferma")


async def _from_a_registration(chat: Chat) -> None:
    await chat.type("/start")
    await chat.saw("ha chiesto la registrazione")
    await chat.press("Apri")
    await chat.sees("Registrazione n.", button="Rifiuta")
    await chat.press("Rifiuta")


async def _from_the_contracts(chat: Chat) -> None:
    await chat.says("/contratti", "Nessun contratto", button="Carica")
    await chat.press("Carica")


async def _from_the_team(chat: Chat) -> None:
    await chat.says("/squadra", "Impianti Demo", button="Invita")
    await chat.press("Invita")


async def _from_a_link(chat: Chat) -> None:
    await chat.type("/start inv_token")


async def _from_the_people(chat: Chat) -> None:
    await chat.says("/persone", "Personale del servizio", button="Cerca una persona")
    await chat.press("Cerca una persona")


async def _from_the_profile(chat: Chat) -> None:
    await chat.says("/profilo", "Il tuo profilo", button="Ore di silenzio")
    await chat.press("Ore di silenzio")
    await chat.sees("Ore di silenzio", button="Altre ore")
    await chat.press("Altre ore")


async def _to_an_awaited_file(chat: Chat) -> None:
    await chat.says("/filescp", "Nessun file SCP da caricare", button="Altra associazione")
    await chat.press("Altra associazione")


async def _registered(world: World) -> None:
    await world.database.write(registered)


def _invited(**whom: str) -> Callable[[World], Awaitable[None]]:
    async def before(world: World) -> None:
        def create(connection: Connection) -> None:
            referent = identity.actor_of(connection, world.people[3].id)
            assert referent is not None
            assert world.clock is not None
            invitations.create(connection, referent, Role.TECHNICIAN, "token", world.clock.now(), **whom)

        await world.database.write(create)

    return before


async def _from_the_association(chat: Chat) -> None:
    await declare(chat)
    await chat.says(OURS, "Fornitura già associata")
    await chat.press("Programma")


async def _from_a_job(chat: Chat) -> None:
    await _from_the_association(chat)
    await chat.press("Io")
    await _to_ones_word(chat)


async def _to_ones_word(chat: Chat) -> None:
    """From the place of a job that is one's own to the word without a laptop."""
    for question in ("Dove si trova", "Qualcosa da sapere"):
        await chat.sees(question)
        await chat.press("Salta")
    await chat.press("Senza portatile")
    await chat.press("L’ho caricato, conferma")


async def _from_a_gesis_meter(chat: Chat) -> None:
    await declare(chat)
    await chat.says(GESIS, "Fornitura ammissibile")
    await chat.press("Associa un dispositivo")
    await chat.press("MOME")
    await chat.says(MOME, "Quale configurazione")
    await chat.press("Standard")
    await chat.press("Conferma")
    await chat.sees("File SCP")
    await chat.press("Programma")
    await chat.press("Io")
    await _to_ones_word(chat)
    for label in ("Senza foto", "Senza posizione", "Conferma in campo"):
        await chat.press(label)
    await chat.sees("Rapporto di installazione")
    await chat.press("Valori al primario")


async def _from_a_gesis_supply(chat: Chat) -> None:
    await declare(chat)
    await chat.says(GESIS, "Fornitura ammissibile")
    await chat.press("Valori al primario")


async def _to_a_filter_of_associations(chat: Chat) -> None:
    await declare(chat)
    await chat.says("/report", "Imposta almeno un filtro", button="Data associazione")
    await chat.press("Data associazione")


async def _from_a_photo_of_two_devices(chat: Chat) -> None:
    await declare(chat)
    two = labels.label([labels.Printed(MOME), labels.Printed(OTHER_MOME)])
    taken = labels.photographed(two, labels.Trouble.NOTHING, 7)
    await chat.phone.send_file(taken, name="a.jpg", kind="photo")


SCRIPTS = {
    "declaration": Script(
        _before_the_declaration,
        (Move("accept", "Dichiarazione da parte del System Integrator", Press("Accetto")),),
        "Associazioni di Impianti Demo",
        AuditAction.DECLARATION_ACCEPTED,
    ),
    "look_up": Script(
        _from_the_search_button,
        (Move("pod", "Scrivi o incolla il POD", Write(PLAIN)),),
        "Fornitura ammissibile",
        AuditAction.POD_LOOKED_UP,
    ),
    "associate": Script(
        _from_an_eligible_prosumer,
        (
            Move("type", "Che dispositivo è?", Press("MOME")),
            Move("device", "Scrivi il SID o il NID del MOME", Write(MOME)),
            Move("configuration", "Quale configurazione?", Press("Prosumer")),
            Move("production", "Con quale POD di produzione?", Press(PRODUCTIONS[0])),
            Move("confirm", "Riepilogo", Press("Conferma")),
        ),
        "Associazione creata",
        AuditAction.ASSOCIATION_CREATED,
    ),
    "label": Script(
        _from_a_photo_of_two_devices,
        (Move("right", "Qual è quello giusto?", Press(OTHER_MOME)),),
        "MOME della tua azienda",
        None,
    ),
    "delete": Script(
        _from_ones_own_association,
        (Move("sure", "Elimino l’associazione tra il POD", Press("Sì, elimina")),),
        "Associazione eliminata",
        AuditAction.ASSOCIATION_DELETED,
        cancelled="Associazione n.",
    ),
    "association_filter": Script(
        _to_a_filter_of_associations,
        (
            Move("value", "Associate da quando?", Press("Dall’inizio")),
            Move("until", "Fino a quando?", Press("Al: oggi")),
        ),
        "Data associazione: fino a oggi",
        None,
        cancelled="Imposta almeno un filtro",
    ),
    "assign": Script(
        _from_the_association,
        (
            Move("technician", "Chi programma il dispositivo", Press("Tecnico")),
            Move("place", "Dove si trova?", Write("Via Roma 1"), "via " * 60),
            Move("note", "Qualcosa da sapere?", Write("Chiavi dal custode"), "note " * 120),
        ),
        "Lavoro n. 1",
        AuditAction.PROGRAMMING_ASSIGNED,
    ),
    "on_site": Script(
        _from_a_job,
        (
            Move("photo", "Vuoi allegare una foto", Press("Senza foto")),
            Move("position", "Vuoi allegare la posizione", Press("Senza posizione")),
            Move("word", "Confermi l’installazione?", Press("Conferma in campo")),
        ),
        "Rapporto di installazione · lavoro n.",
        AuditAction.PROGRAMMING_CONFIRMED,
        cancelled="Lavoro n.",
    ),
    **TICKET_SCRIPTS,
    **DOCUMENT_SCRIPTS,
    "factor": Script(
        _from_a_gesis_meter,
        (Move("factor", "Qual è il fattore K?", Write("250/5")),),
        "Non hai ancora un portatile abbinato",
        None,
    ),
    "gesis": Script(
        _from_a_gesis_supply,
        (
            Move("factor", "Qual è il fattore K?", Write("250/5")),
            Move("readings", "Scrivi le letture", Write("1234,5 kWh")),
        ),
        "1234,5 kWh → 61\u202f725,0 kWh",
        None,
    ),
    "audit_search": Script(
        _from_the_audit,
        (
            Move("about", "Che cosa cerco nel registro?", Write("impianti")),
            Move("period", "Per quale periodo?", Press("Oggi")),
        ),
        "Registro · Impianti Demo",
        AuditAction.AUDIT_SEARCHED,
        staff=StaffRole.AUDITOR,
    ),
    "registration": Script(
        _from_the_first_screen,
        (
            *(
                Move(step, asked, Write(answer), "-12" if step in IN_WORDS else NONSENSE)
                for step, (asked, answer) in zip(FORM, FIELDS, strict=True)
            ),
            Move("terms", "Condizioni del servizio", Press("Accetto")),
            Move("privacy", "Informativa sui dati", Press("Ho letto")),
            Move("confirm", "È tutto giusto?", Press("Conferma")),
        ),
        "Verifichiamo il cellulare",
        None,
        cancelled="Registrazione in corso",
        person=9,
        leads_to="verification",
    ),
    "verification": Script(
        _from_the_summary,
        (
            Move("phone", "Condividi il tuo numero", Share(MOBILE)),
            Move("send", "Mando un codice", Press("Manda il codice")),
            Move("code", "codice di sei cifre", MailedCode()),
        ),
        "Registrazione inviata",
        AuditAction.REGISTERED,
        cancelled="Registrazione in corso",
        person=9,
    ),
    "registration_refusal": Script(
        _from_a_registration,
        (Move("reason", "Perché rifiuti?", Write("Il contratto non è firmato"), "no"),),
        "Richiesta rifiutata: Il contratto non è firmato",
        AuditAction.REGISTRATION_REFUSED,
        cancelled="Registrazione n.",
        person=5,
        before=_registered,
    ),
    "scp_attach": Script(
        _to_an_awaited_file,
        (
            Move("which", "Per quale associazione?", Write(OURS)),
            Move("file", "Manda il file del distributore", Attach(b"\x01\x02\x03", "consegna.bin")),
            Move("confirm", "Carico questo file?", Press("Carica")),
        ),
        "File SCP caricato",
        AuditAction.SCP_ATTACHED,
        cancelled="Nessun file SCP da caricare",
        person=6,
    ),
    "contract_load": Script(
        _from_the_contracts,
        (
            Move("file", "Manda il file", Attach(CONTRACT_FILE, "contratti.csv")),
            Move("confirm", "Carico questi contratti?", Press("Carica")),
        ),
        "Contratto caricato",
        AuditAction.CONTRACT_LOADED,
        cancelled="Nessun contratto",
        person=5,
    ),
    "invite": Script(
        _from_the_team,
        (
            Move("role", "Con quale ruolo?", Press("Tecnico")),
            Move("whom", "Per chi è l’invito?", Press("Per chiunque")),
        ),
        "Invito pronto",
        AuditAction.INVITED,
        person=3,
    ),
    "join:email": Script(
        _from_a_link,
        (
            Move("name", "Come ti chiami?", Write("Carla Neri")),
            Move("send", "mando un codice", Press("Manda il codice")),
            Move("code", "codice di sei cifre", MailedCode()),
        ),
        "Ti diamo il benvenuto in Impianti Demo",
        AuditAction.INVITATION_USED,
        person=9,
        before=_invited(email="carla@esempio.it"),
    ),
    "join:code": Script(
        _from_a_link,
        (
            Move("name", "Come ti chiami?", Write("Carla Neri")),
            Move("codice_fiscale", "il tuo codice fiscale", Write(CODE)),
        ),
        "Ti diamo il benvenuto in Impianti Demo",
        AuditAction.INVITATION_USED,
        person=9,
        before=_invited(codice_fiscale=CODE),
    ),
    "join:ask": Script(
        _from_a_link,
        (
            Move("name", "Come ti chiami?", Write("Carla Neri")),
            Move("ask", "Chiedo al referente", Press("Chiedi di entrare")),
        ),
        "ti scrivo appena risponde",
        None,
        person=9,
        before=_invited(),
    ),
    "quiet_hours": Script(
        _from_the_profile,
        (Move("hours", "Da che ora a che ora?", Write("21:30-6:45")),),
        "21:30",
        None,
        cancelled="gli avvisi arrivano a qualsiasi ora",
    ),
    "people_search": Script(
        _from_the_people,
        (Move("words", "Scrivi il nome", Write("config")),),
        "Ho trovato una persona",
        None,
        person=8,
    ),
}

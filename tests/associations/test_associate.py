"""Creating an association: the questions, each refusal with its reason, summary, card and SCP file."""

from __future__ import annotations

import cbor2
import pytest

from backend.core.audit.values import AuditAction
from backend.core.clock import ManualClock
from backend.core.keys.store import KeyStore
from device_bridge.wire.envelope import Envelope, open_envelope
from sandbox import showcase
from sandbox.client import Shown
from tests.acceptance.walks import (
    MOME,
    MOME_IN_USE,
    MOME_NID,
    NOBODYS,
    OTHER_MOME,
    OTHER_MOME_NID,
    OURS,
    PLAIN,
    PRODUCTIONS,
    PROSUMER,
    SMART_INFO,
    SMART_INFO_NID,
    THEIR_MOME,
    THEIRS,
    associate,
    begin,
    data_of,
    to_summary,
)
from tests.support import Chat, Switchboard, World, on_sqlite


def opened(world: World, world_clock: ManualClock, data: bytes) -> Envelope:
    """The file as the holder of the world's keys reads it."""
    return open_envelope(data, KeyStore(world.settings.keys).trusted(), world_clock.now())


@on_sqlite
async def test_a_standard_association_ends_with_its_card_and_the_scp_file(
    world: World, world_clock: ManualClock, declared: Chat
) -> None:
    card, document, data = await associate(declared, PLAIN, device="MOME", codes=MOME)

    for text in (
        f"POD {PLAIN}",
        "Dispositivo MOME · Standard",
        f"SID {MOME}",
        f"NID {MOME_NID}",
        "Impianti Demo",
    ):
        assert text in card.text
    assert document.raw["document"]["file_name"] == f"{MOME}-1.scp"
    envelope = opened(world, world_clock, data)
    assert (envelope.sid, envelope.nid, envelope.pods) == (MOME, MOME_NID, (PLAIN,))
    content = cbor2.loads(envelope.content)
    assert content["configuration"] == "STANDARD"
    assert [meter["pod"] for meter in content["meters"]] == [PLAIN]

    await declared.says(PLAIN, "Fornitura già associata", f"SID {MOME}")
    await world.settled()
    recorded = [entry.action for entry in await world.audit(pod=PLAIN)]
    assert recorded == [
        AuditAction.POD_LOOKED_UP,
        AuditAction.ASSOCIATION_CREATED,
        AuditAction.SCP_READY,
        AuditAction.SCP_DELIVERED,
        AuditAction.POD_LOOKED_UP,
    ]


async def test_a_prosumer_association_takes_one_of_the_production_pods(
    world: World, world_clock: ManualClock, declared: Chat
) -> None:
    card, document, data = await associate(
        declared,
        PROSUMER,
        device="Smart Info",
        codes=SMART_INFO_NID,
        configuration="Prosumer",
        production=PRODUCTIONS[1],
    )

    assert "Dispositivo Smart Info · Prosumer" in card.text
    assert f"POD produzione {PRODUCTIONS[1]}" in card.text
    assert PRODUCTIONS[0] not in card.text
    assert document.raw["document"]["file_name"] == f"{SMART_INFO}-1.scp"
    envelope = opened(world, world_clock, data)
    assert envelope.pods == (PROSUMER, PRODUCTIONS[1])
    assert cbor2.loads(envelope.content)["configuration"] == "PROSUMER"


@on_sqlite
@pytest.mark.parametrize(
    "codes",
    [
        MOME,
        MOME_NID,
        f"{MOME} {MOME_NID}",
        f"SID: {MOME.lower()}\nNID: {':'.join(MOME_NID[i : i + 2] for i in range(0, 12, 2))}",
    ],
    ids=["SID", "NID", "both", "as on a label"],
)
async def test_a_device_can_be_named_by_sid_by_nid_or_by_both(declared: Chat, codes: str) -> None:
    summary = await to_summary(declared, codes=codes)
    assert f"SID {MOME}\nNID {MOME_NID}" in summary.text


REFUSED_CODES = {
    "unknown": (NOBODYS, "Questo codice non corrisponde a nessun dispositivo della tua azienda"),
    "in use": (MOME_IN_USE, f"Il dispositivo è già associato al POD {OURS}"),
    "of two devices": (f"{MOME} {OTHER_MOME_NID}", "Il SID e il NID non sono dello stesso dispositivo"),
    "SID known, NID not": (f"{MOME} 0123456789AB", "Il SID e il NID non sono dello stesso dispositivo"),
    "of another type": (SMART_INFO, "Il codice è di un dispositivo Smart Info"),
    "several": (f"{MOME} {OTHER_MOME}", "Ci sono i codici di più dispositivi"),
    "no code": ("non lo trovo", "Non trovo un SID"),
}


@on_sqlite
async def test_every_unsuitable_device_is_refused_with_its_reason(declared: Chat) -> None:
    await begin(declared)
    await declared.press("MOME")
    await declared.sees("Scrivi il SID o il NID del MOME")
    for codes, reason in REFUSED_CODES.values():
        await declared.says(codes, reason, "Scrivi il SID o il NID del MOME")
    await declared.says(MOME, "Quale configurazione?")  # and it leaves nothing behind that could disturb


@on_sqlite
async def test_a_device_of_another_integrator_is_answered_like_an_unknown_one(
    declared: Chat,
) -> None:
    await begin(declared)
    await declared.press("MOME")
    await declared.sees("Scrivi il SID")
    nobodys = await declared.says(NOBODYS, "Questo codice")
    theirs = await declared.says(THEIR_MOME, "Questo codice")
    in_use = await declared.says(MOME_IN_USE.replace("001", "501"), "Questo codice")
    assert theirs.html == nobodys.html == in_use.html
    assert theirs.labels == nobodys.labels == in_use.labels


@on_sqlite
async def test_a_prosumer_association_without_a_production_pod_is_refused(declared: Chat) -> None:
    await begin(declared)
    await declared.press("MOME")
    await declared.sees("Scrivi il SID")
    await declared.says(MOME, "La fornitura non ha POD di produzione")
    await declared.press("Prosumer")
    await declared.sees("Prosumer richiede un POD di produzione", button="Standard")
    await declared.press("Standard")
    await declared.sees("Riepilogo")


@on_sqlite
async def test_a_typed_production_pod_must_belong_to_the_supply(declared: Chat) -> None:
    await begin(declared, PROSUMER)
    await declared.press("MOME")
    await declared.sees("Scrivi il SID")
    await declared.says(MOME, "2 POD di produzione")
    await declared.press("Prosumer")
    await declared.sees("Con quale POD di produzione?")
    await declared.type(PLAIN)  # the POD of another supply is looked up, as in any dialogue
    await declared.saw("Fornitura ammissibile", PLAIN)
    await declared.sees("Con quale POD di produzione?")
    await declared.says("boh", "Non è uno dei POD di produzione")
    summary = await declared.says(PRODUCTIONS[0].lower(), "Riepilogo")
    assert f"POD produzione: \n{PRODUCTIONS[0]}" in summary.text


async def test_a_supply_associated_by_a_colleague_meanwhile_is_refused_at_the_end(
    world: World, declared: Chat, colleague: Chat
) -> None:
    summary = await to_summary(declared)
    await associate(colleague, codes=OTHER_MOME)
    await declared.press("Conferma", on=summary)

    shown = await declared.sees(
        "Nel frattempo la fornitura è stata associata", f"SID {OTHER_MOME}", "Collega"
    )
    assert any("File SCP" in label for label in shown.labels)
    await world.settled()
    assert len(await world.audit(AuditAction.ASSOCIATION_CREATED, pod=PLAIN)) == 1
    assert await world.dialogue() is None


@on_sqlite
async def test_a_device_used_by_a_colleague_meanwhile_can_be_changed_at_the_end(
    declared: Chat, colleague: Chat
) -> None:
    summary = await to_summary(declared)
    await associate(colleague, PROSUMER, codes=MOME)
    await declared.press("Conferma", on=summary)
    await declared.sees(f"Nel frattempo il dispositivo è stato associato al POD {PROSUMER}", "Riepilogo")

    await declared.press("✏️ Dispositivo")
    await declared.sees("Scrivi il SID")
    await declared.says(OTHER_MOME, "Riepilogo", OTHER_MOME)
    await declared.press("Conferma")
    await declared.saw("Associazione creata", OTHER_MOME)


@on_sqlite
async def test_every_answer_can_be_changed_from_the_summary(declared: Chat) -> None:
    await to_summary(declared, PROSUMER, configuration="Prosumer", production=PRODUCTIONS[0])

    await declared.press("✏️ POD produzione")
    await declared.sees("Con quale POD di produzione?")
    await declared.press(PRODUCTIONS[1])
    await declared.sees("Riepilogo", f"POD produzione: \n{PRODUCTIONS[1]}")

    await declared.press("✏️ Dispositivo")
    await declared.sees("Scrivi il SID o il NID del MOME")
    await declared.says(OTHER_MOME, "Riepilogo", OTHER_MOME)

    await declared.press("✏️ Tipo")
    await declared.sees("Che dispositivo è?")
    await declared.press("Smart Info")
    await declared.sees("Scrivi il SID o il NID del Smart Info")  # not valid for a Smart Info
    await declared.says(SMART_INFO, "Riepilogo", SMART_INFO)

    await declared.press("✏️ Configurazione")
    await declared.sees("Quale configurazione?")
    await declared.press("Standard")
    summary = await declared.sees("Riepilogo", "Tipo configurazione: Standard")
    assert "POD produzione" not in summary.text
    assert "Tipo dispositivo: Smart Info" in summary.text


@on_sqlite
async def test_the_user_can_go_back_at_each_step(declared: Chat) -> None:
    await to_summary(declared, PROSUMER, configuration="Prosumer", production=PRODUCTIONS[0])
    for question in ("Con quale POD", "Quale configurazione?", "Scrivi il SID", "Che dispositivo è?"):
        await declared.press("Indietro")
        shown = await declared.sees(question)
    assert not any("Indietro" in label for label in shown.labels)

    await declared.press("MOME")
    await declared.sees("Riepilogo", MOME, PRODUCTIONS[0])  # the other answers are still there


@on_sqlite
async def test_a_pod_sent_as_a_device_is_looked_up(declared: Chat) -> None:
    await begin(declared)
    await declared.press("MOME")
    await declared.sees("Scrivi il SID")
    await declared.type(f"POD {PROSUMER}")  # as long as a SID
    await declared.saw("Fornitura ammissibile", PROSUMER)
    await declared.sees("Scrivi il SID")
    await declared.says("grazie mille a tutti", "Non trovo un SID")


@on_sqlite
async def test_a_user_revisiting_an_answer_is_one_press_from_the_summary(declared: Chat) -> None:
    await begin(declared, PROSUMER)
    shown = await declared.sees("Che dispositivo è?")
    assert not any("Riepilogo" in label for label in shown.labels)
    await declared.press("MOME")
    await declared.says(MOME, "Quale configurazione?")
    await declared.press("Standard")
    await declared.sees("Riepilogo")
    await declared.press("Dispositivo")
    await declared.sees("Scrivi il SID")
    await declared.press("Riepilogo")
    await declared.sees("Riepilogo", MOME, "Standard")


@on_sqlite
async def test_a_digression_does_not_end_the_dialogue(declared: Chat) -> None:
    await begin(declared)
    await declared.press("MOME")
    await declared.sees("Scrivi il SID")
    await declared.type(PROSUMER)
    await declared.saw("Fornitura ammissibile", PROSUMER)
    await declared.sees("Scrivi il SID")
    await declared.type("/aiuto")
    await declared.saw("Che cosa posso fare")
    await declared.sees("Scrivi il SID")
    await declared.says(MOME, "Quale configurazione?")


@on_sqlite
async def test_the_scp_file_can_be_requested_again_and_each_delivery_is_recorded(
    world: World, declared: Chat, colleague: Chat
) -> None:
    card, first, data = await associate(declared)
    await declared.press("File SCP", on=card)
    again, same = await declared.document("File SCP", MOME, after=first.message_id)
    assert same == data

    await colleague.says(PLAIN, "Fornitura già associata")
    await colleague.press("File SCP")
    assert (await colleague.document("File SCP", MOME))[1] == data
    await world.settled()
    delivered = await world.audit(AuditAction.SCP_DELIVERED, pod=PLAIN)
    assert [entry.person_name for entry in delivered] == ["Configuratore", "Configuratore", "Collega"]
    assert len(await world.audit(AuditAction.SCP_READY, pod=PLAIN)) == 1
    assert again.raw["document"]["file_name"] == f"{MOME}-1.scp"


async def test_a_change_to_prosumer_deletes_and_creates_in_one_confirmed_step(
    world: World, world_clock: ManualClock, declared: Chat
) -> None:
    card, first, data = await associate(declared, PROSUMER)
    await declared.press("Modifica", on=card)
    summary = await declared.saw("Modifica dell’associazione", "Tipo configurazione: Standard")
    await declared.press("✏️ Configurazione", on=summary)
    await declared.saw("Quale configurazione?", on=card)
    await declared.press("Prosumer")
    await declared.saw("Con quale POD di produzione?", on=card)
    await declared.press(PRODUCTIONS[0])
    await declared.saw("Modifica dell’associazione", PRODUCTIONS[0], on=card)
    await declared.press("Conferma")
    await declared.saw("Associazione modificata", PRODUCTIONS[0])

    _, later = await declared.document("File SCP", PROSUMER, after=first.message_id)
    old, new = opened(world, world_clock, data), opened(world, world_clock, later)
    assert new.pods == (PROSUMER, PRODUCTIONS[0])
    assert new.sequence > old.sequence
    await world.settled()
    changes = await world.audit(
        AuditAction.ASSOCIATION_CREATED, AuditAction.ASSOCIATION_DELETED, pod=PROSUMER
    )
    created, deleted, recreated = changes
    assert [each.action.value for each in changes] == [
        "association-created",
        "association-deleted",
        "association-created",
    ]
    assert created.association_id == deleted.association_id != recreated.association_id
    assert deleted.correlation == recreated.correlation  # one turn, one transaction


@on_sqlite
async def test_a_change_of_device_frees_the_old_one(declared: Chat) -> None:
    card, first, _ = await associate(declared)
    await declared.press("Modifica", on=card)
    await declared.saw("Modifica dell’associazione")
    await declared.press("✏️ Dispositivo")
    await declared.saw("Scrivi il SID", on=card)
    await declared.says(OTHER_MOME, "Modifica dell’associazione", OTHER_MOME)
    await declared.press("Conferma")
    document, _ = await declared.document("File SCP", OTHER_MOME, after=first.message_id)
    assert document.raw["document"]["file_name"] == f"{OTHER_MOME}-1.scp"
    await declared.says(MOME, "Non è associato a nessuna fornitura")


@on_sqlite
async def test_a_file_requested_from_a_card_that_became_a_question_leaves_one_question(
    declared: Chat,
) -> None:
    card, _, _ = await associate(declared, PLAIN, device="MOME", codes=MOME)
    once_more = data_of(card, "File SCP")
    await declared.press("Modifica", on=card)
    question = await declared.saw("Modifica dell’associazione", on=card)

    await declared.phone.press(data=once_more, message_id=card.message_id, stale=True)
    await declared.document("Standard", after=question.message_id)
    below = await declared.sees("Modifica dell’associazione", button="Conferma")

    assert below.message_id != card.message_id
    await declared.phone.wait_for(
        lambda screen: not shown.buttons if (shown := screen.message(card.message_id)) else None
    )


@on_sqlite
async def test_a_change_that_changes_nothing_is_refused(world: World, declared: Chat) -> None:
    card, _, _ = await associate(declared)
    await declared.press("Modifica", on=card)
    await declared.saw("Modifica dell’associazione")
    await declared.press("Conferma")
    await declared.saw("Non hai ancora cambiato nulla", "Modifica dell’associazione")
    await world.settled()
    assert await world.audit(AuditAction.ASSOCIATION_DELETED, pod=PLAIN) == []


@on_sqlite
async def test_the_confirmation_waits_for_a_slow_central_system(central: Switchboard, declared: Chat) -> None:
    summary = await to_summary(declared)
    gate = central.hold(PLAIN)
    await declared.press("Conferma", on=summary)
    await declared.sees("Un momento", button="Annulla")
    gate.set()
    await declared.saw("Associazione creata", PLAIN)
    await declared.document("File SCP", PLAIN)


@on_sqlite
async def test_the_latest_associations_come_in_pages_newest_first(declared: Chat) -> None:
    made = [showcase.pod_number(number) for number in (*range(102, 110), 112)]
    for number, pod in enumerate(made, start=5):
        await associate(declared, pod, codes=showcase.sid("MOME", number))

    await declared.says("/start", "Incolla un POD")
    await declared.press("Associazioni")
    first = await declared.sees("Associazioni di Impianti Demo", button="Precedenti")
    assert pods_of(first) == made[:0:-1]
    assert not any("Più recenti" in label for label in first.labels)

    await declared.press("Precedenti")
    second = await declared.sees("Associazioni di Impianti Demo", button="Più recenti")
    assert pods_of(second) == [made[0], OURS]
    assert not any("Precedenti" in label for label in second.labels)

    await declared.press("Più recenti")
    await declared.sees("Associazioni di Impianti Demo", button="Precedenti")
    await declared.press(made[-1])
    await declared.sees("Associazione n.", made[-1])


def pods_of(shown: Shown) -> list[str]:
    return [label.split(" ")[0] for label in shown.labels if label.startswith("IT")]


@on_sqlite
async def test_an_integrator_without_associations_is_told_how_to_begin(declared: Chat) -> None:
    await declared.says(OURS, "Fornitura già associata")
    await declared.press("Elimina")
    await declared.press("Sì, elimina")
    await declared.sees("Associazione eliminata")
    await declared.press("Associazioni")
    await declared.sees("La tua azienda non ha ancora associazioni", button="Cerca un POD")


@on_sqlite
async def test_a_colleague_sees_the_association_and_may_delete_it(
    world: World, declared: Chat, colleague: Chat
) -> None:
    await associate(declared)
    await colleague.says(PLAIN, "Fornitura già associata", "da Configuratore, Impianti Demo")
    await colleague.press("Elimina")
    await colleague.sees("Elimino l’associazione", PLAIN)
    await colleague.press("Sì, elimina")
    await colleague.sees("Associazione eliminata")
    await world.settled()
    (deleted,) = await world.audit(AuditAction.ASSOCIATION_DELETED, pod=PLAIN)
    assert deleted.person_name == "Collega"


@pytest.mark.parametrize("action", ["association", "scp", "change", "delete"])
async def test_an_association_of_another_integrator_is_answered_like_an_unknown_one(
    world: World, declared: Chat, rival: Chat, action: str
) -> None:
    card, _, _ = await associate(declared)
    number = data_of(card, "File SCP").split(".")[-1]
    answers = []
    for argument in (number, "999999"):
        shown = await rival.says("/start", "Paste a POD")
        post = data_of(shown, "Help").split(".")[0]
        world.forge(f"{post}.e.{action}.{argument}", person=2, message_id=shown.message_id)
        answers.append(await rival.sees("This association is gone, or it is not your company’s."))
    theirs, nobodys = answers
    assert (theirs.html, theirs.labels) == (nobodys.html, nobodys.labels)

    await world.settled()
    assert await world.audit(AuditAction.ASSOCIATION_DELETED) == []
    assert len(await world.audit(AuditAction.SCP_DELIVERED)) == 1
    assert await world.dialogue(2) is None


@on_sqlite
async def test_a_supply_of_another_integrator_cannot_be_associated(world: World, declared: Chat) -> None:
    shown = await declared.says("/start", "Incolla un POD")
    post = data_of(shown, "Aiuto").split(".")[0]
    world.forge(f"{post}.e.associate.{THEIRS}", message_id=shown.message_id)
    await declared.sees("risulta già associato a un dispositivo")
    assert await world.dialogue() is None


@on_sqlite
async def test_an_old_button_of_the_same_card_changes_nothing(world: World, declared: Chat) -> None:
    await declared.says(PLAIN, button="Associa")
    await declared.press("Associa")
    question = await declared.sees("Che dispositivo")
    old = next(button for button in question.buttons if button.text == "MOME")
    await declared.press("MOME")
    asked = await declared.sees("Scrivi il")

    await declared.phone.press(data=old.data, message_id=question.message_id, stale=True)
    await world.settled()

    assert (await declared.sees("Scrivi il")).text == asked.text


@on_sqlite
async def test_a_rejected_answer_shows_the_question_once(declared: Chat, world: World) -> None:
    await begin(declared)
    await declared.press("MOME")
    asked = await declared.sees("Scrivi il SID o il NID")
    again = await declared.says("boh", "Non trovo un SID", "Scrivi il SID o il NID")

    await world.settled()
    assert (await declared.message(asked.message_id)).text == "La domanda è qui sotto."
    await declared.says(MOME, "Quale configurazione?")
    await world.settled()
    shrunk = await declared.message(again.message_id)
    assert MOME in shrunk.text
    assert "Scrivi il SID" not in shrunk.text
    assert not shrunk.buttons

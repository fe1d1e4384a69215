"""Looking up a POD: every outcome of the service, read on the phone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from backend.core.audit.values import AuditAction
from backend.core.clock import ManualClock
from sandbox import showcase
from tests.acceptance.walks import (
    MOME_IN_USE,
    NOBODYS,
    OTHER_MOME,
    OURS,
    PLAIN,
    PODS,
    PRODUCTIONS,
    PROSUMER,
    SMART_INFO,
    SMART_INFO_NID,
    THEIR_MOME,
    THEIRS,
    associate,
)
from tests.support import Chat, Switchboard, World, on_sqlite

OUTCOMES = {
    "ammissibile": "Fornitura ammissibile",
    "ammissibile, Prosumer con due POD di produzione": "POD di scambio",
    "un POD di produzione dello stesso impianto": "è un POD di produzione",
    "già associato da Impianti Demo": "Fornitura già associata",
    "già associato da Elettro Demo": "risulta già associato a un dispositivo",
    "contatore GESIS (fattore K)": "fattore K",
    "oltre 65 kW": "oltre 65 kW",
    "inesistente: non è nel registro": "POD inserito inesistente",
    "inesistente: fornitura cessata": "POD inserito inesistente",
    "inesistente: altro distributore": "POD inserito inesistente",
    "non in bassa tensione": "Siamo spiacenti ma al momento la fornitura selezionata non consente",
    "contatore non telegestito": "Siamo spiacenti ma al momento la fornitura selezionata non consente",
    "contatore non idoneo": "Siamo spiacenti ma al momento la fornitura selezionata non consente",
    "non raggiungibile adesso": "Siamo spiacenti ma al momento la fornitura selezionata non consente",
    "Servizio non disponibile": "Servizio non disponibile contattare l'assistenza",
    "Errore Interno": "Errore Interno contattare l'assistenza",
    "Errore Generico": "Errore Generico contattare l'assistenza",
}
"""What the phone says to each POD of the demo's cheat sheet, except the slow one."""


@on_sqlite
@pytest.mark.parametrize("title", OUTCOMES)
async def test_every_outcome_is_worded_as_the_service_words_it(
    world: World, declared: Chat, title: str
) -> None:
    world.allowed_errors.add("central.failed")  # a failure without a name is for the operator to read
    case = next(case for case in showcase.cases() if case.title == title)

    await declared.says(case.pod, OUTCOMES[title])


@on_sqlite
@pytest.mark.parametrize(
    "spelling",
    [
        PLAIN.lower(),
        f"  {PLAIN}\n",
        f"{PLAIN[:5]} {PLAIN[5]} {PLAIN[6:10]} {PLAIN[10:]}",
        f"{PLAIN[:6]}-{PLAIN[6:10]}.{PLAIN[10:]}",
        f"{PLAIN}A",
        f"Buongiorno, mi serve il POD {PLAIN} per domani.",
        f"POD: {PLAIN}.",
        f"«{PLAIN}»",
    ],
    ids=["lower case", "blanks", "groups", "dashes and dots", "fifteenth", "sentence", "label", "quotes"],
)
async def test_a_pod_pasted_in_any_spelling_is_looked_up(declared: Chat, spelling: str) -> None:
    await declared.says(spelling, "Fornitura ammissibile", PLAIN)


@on_sqlite
async def test_the_first_of_many_pods_are_offered_and_the_rest_is_mentioned(declared: Chat) -> None:
    many = [showcase.pod_number(number) for number in range(1, 31)]
    asked = await declared.says("\n".join(many), "Ho trovato 30 POD, questi sono i primi 10: quale cerco?")
    assert [label for label in asked.labels if label in many] == many[:10]
    assert any("Inizio" in label for label in asked.labels)


@on_sqlite
async def test_several_devices_are_offered_to_choose_from(declared: Chat) -> None:
    await declared.says(f"{MOME_IN_USE} {OTHER_MOME}", "Ci sono 2 codici: di quale dispositivo?")
    await declared.press(OTHER_MOME)
    await declared.sees(f"SID {OTHER_MOME}", "Non è associato")


@on_sqlite
async def test_a_supply_seen_instead_of_the_dialogue_is_recorded_like_any_look_up(
    world: World, declared: Chat, colleague: Chat
) -> None:
    found = await declared.says(PLAIN, "Fornitura ammissibile")
    await associate(colleague, codes=OTHER_MOME)
    await declared.press("Associa", on=found)
    await declared.sees("Fornitura già associata", OTHER_MOME)
    await world.settled()
    looked_up = await world.audit(AuditAction.POD_LOOKED_UP, pod=PLAIN)
    assert [(each.person_name, each.outcome) for each in looked_up] == [
        ("Configuratore", "eligible"),
        ("Collega", "eligible"),
        ("Configuratore", "associated-by-us"),
    ]


@on_sqlite
async def test_several_pods_are_offered_to_choose_from(declared: Chat) -> None:
    asked = await declared.says(f"{PLAIN}, {PROSUMER}\n{PLAIN.lower()}", "Ho trovato 2 POD: quale cerco?")
    assert [label for label in asked.labels if label.startswith("IT")] == [PLAIN, PROSUMER]

    await declared.press(PROSUMER)
    await declared.sees("POD di scambio", PROSUMER)


@on_sqlite
@pytest.mark.parametrize("typed", [f"1{PLAIN[1:]}", PLAIN.replace("0", "O"), PLAIN[:-3] + "OO1"])
async def test_a_look_alike_of_a_pod_is_asked_about(declared: Chat, typed: str) -> None:
    await declared.says(typed, f"Forse intendevi {PLAIN}?")
    await declared.press(f"Sì, cerca {PLAIN}")
    await declared.sees("Fornitura ammissibile", PLAIN)


async def test_the_last_ten_pods_are_one_press_away(world: World, declared: Chat) -> None:
    pods = [showcase.pod_number(number) for number in (*range(102, 110), 112)] + [PLAIN, PROSUMER]
    for pod in pods:
        world.later(timedelta(minutes=1))
        await declared.says(pod, pod)
    world.later(timedelta(minutes=1))
    await declared.says(PLAIN.lower(), PLAIN)  # looked up again: it is the newest, and listed once

    await declared.says("/start", "Incolla un POD")
    await declared.press("Ultimi POD")
    shown = await declared.sees("I tuoi ultimi POD")
    assert [label for label in shown.labels if label.startswith("IT")] == [
        PLAIN,
        PROSUMER,
        *reversed(pods[1:9]),
    ]

    await declared.press(pods[1])
    await declared.sees("Fornitura ammissibile", pods[1])


async def test_a_prosumers_list_begins_with_the_exchange_pod_and_goes_on_in_order(declared: Chat) -> None:
    shown = await declared.says(PROSUMER, "POD di scambio (contatore M1)", "POD di produzione (contatori M2)")
    places = [shown.text.index(pod) for pod in (PROSUMER, *sorted(PRODUCTIONS))]
    assert places == sorted(places)
    assert "1. " + min(PRODUCTIONS) in shown.text


@on_sqlite
async def test_a_production_pod_leads_to_its_exchange_pod(declared: Chat) -> None:
    production = PRODUCTIONS[1]
    shown = await declared.says(
        production,
        f"{production} è un POD di produzione",
        f"Ecco la fornitura del POD di scambio {PROSUMER}",
        "contatore M1",
    )
    assert shown.text.index("POD di scambio (contatore M1)") < shown.text.index(
        "POD di produzione (contatori M2)"
    )

    await declared.press("Associa un dispositivo")
    await declared.sees(f"Associo il POD {PROSUMER}")


@on_sqlite
async def test_the_detail_shows_the_data_of_the_register(declared: Chat) -> None:
    row = next(case for case in showcase.cases() if case.pod == PLAIN).rows[0]
    shown = await declared.says(PLAIN, f"ENELTEL {row.eneltel}", f"Matricola {row.meter_serial} · 2G", "3 kW")
    assert any(button.copy_text == PLAIN for button in shown.buttons)


@on_sqlite
async def test_factor_k_is_explained_for_gesis_and_for_no_other(declared: Chat) -> None:
    shown = await declared.says(PODS["contatore GESIS (fattore K)"], "Contatore GESIS", "fattore K")
    assert "oltre 65 kW" not in shown.text
    assert "GESIS" not in (await declared.says(PLAIN, "Fornitura ammissibile")).text


@on_sqlite
async def test_a_supply_of_another_integrator_shows_no_detail(declared: Chat) -> None:
    shown = await declared.says(THEIRS, "risulta già associato a un dispositivo")
    for hidden in ("Elettro", "MOM", "ENELTEL", "Matricola", "Associazione n."):
        assert hidden not in shown.text
    assert not any("Associa un dispositivo" in label or "associazione" in label for label in shown.labels)


@on_sqlite
async def test_a_production_pod_of_another_integrators_supply_shows_no_detail(
    declared: Chat, rival: Chat
) -> None:
    await rival.says(PROSUMER, PROSUMER, button="Associate a device")
    await rival.press("Associate a device")
    await rival.sees("Which device is it?", button="MOME")
    await rival.press("MOME")
    await rival.sees("SID or")
    await rival.says(THEIR_MOME, "configuration")
    await rival.press("Standard")
    await rival.sees("Summary", button="Confirm")
    await rival.press("Confirm")
    await rival.document("SCP", PROSUMER)

    production = PRODUCTIONS[0]
    shown = await declared.says(production, "è un POD di produzione", PROSUMER, "risulta già associato")
    for hidden in ("Elettro", "ENELTEL", "Matricola", PRODUCTIONS[1], "kW"):
        assert hidden not in shown.text
    assert not any("Associa un dispositivo" in label for label in shown.labels)


@on_sqlite
async def test_a_pod_beside_a_file_is_looked_up_too(declared: Chat) -> None:
    await declared.phone.send_file(b"%PDF", name="bolletta.pdf", caption=f"La bolletta di {PLAIN}!")
    await declared.sees("Fornitura ammissibile", PLAIN)


@on_sqlite
async def test_a_look_up_begun_under_a_declaration_ends_under_it(
    central: Switchboard, declared: Chat, world_clock: ManualClock
) -> None:
    gate = central.hold(PLAIN)
    await declared.says(PLAIN, "Un momento")
    world_clock.advance(timedelta(hours=13))
    gate.set()
    await declared.sees("Fornitura ammissibile", PLAIN)
    await declared.says("/start", "Incolla un POD")
    await declared.press("Associazioni")
    await declared.sees("Dichiarazione", button="Accetto")


async def test_a_slow_answer_replaces_the_card_that_asked_for_patience(
    central: Switchboard, declared: Chat
) -> None:
    gate = central.hold(PLAIN)
    waiting = await declared.says(PLAIN, "Un momento, cerco", PLAIN, button="Annulla")
    gate.set()
    shown = await declared.sees("Fornitura ammissibile", PLAIN)
    assert shown.message_id == waiting.message_id


@on_sqlite
async def test_the_chat_shows_typing_while_the_central_system_is_asked(
    central: Switchboard, declared: Chat
) -> None:
    gate = central.hold(PLAIN)
    await declared.says(PLAIN, "Un momento")
    await declared.phone.wait_for(lambda screen: screen.typing)
    gate.set()
    await declared.sees("Fornitura ammissibile")


@on_sqlite
@pytest.mark.parametrize("way", ["button", "command"])
async def test_a_cancelled_wait_shows_no_answer_later(
    world: World, central: Switchboard, declared: Chat, way: str
) -> None:
    gate = central.hold(PLAIN)
    waiting = await declared.says(PLAIN, "Un momento")
    if way == "button":
        await declared.press("Annulla", on=waiting)
        await declared.sees("Annullato: non è cambiato nulla")
    else:
        await declared.type("/annulla")
        await declared.sees("Annullato: non è cambiato nulla")
    gate.set()
    await world.settled()

    screen = await declared.screen()
    assert not any("Fornitura ammissibile" in message.text for message in screen.from_bot)
    assert not any("Annulla" in label for message in screen.from_bot for label in message.labels)
    assert "Annullato" in (await declared.message(waiting.message_id)).text
    assert await world.audit(AuditAction.POD_LOOKED_UP) == []


@on_sqlite
async def test_a_user_who_went_on_gets_the_late_answer_below(
    world: World, central: Switchboard, declared: Chat
) -> None:
    gate = central.hold(PLAIN)
    waiting = await declared.says(PLAIN, "Un momento")
    meanwhile = await declared.says(PROSUMER, "Fornitura ammissibile", PROSUMER)
    gate.set()
    late = await declared.sees("Fornitura ammissibile", PLAIN)

    assert late.message_id > meanwhile.message_id
    await world.settled()
    assert not (await declared.message(waiting.message_id)).buttons
    assert PROSUMER in (await declared.message(meanwhile.message_id)).text


@on_sqlite
@pytest.mark.parametrize("title", ["Servizio non disponibile", "non raggiungibile adesso"])
async def test_a_temporary_failure_offers_another_attempt(world: World, declared: Chat, title: str) -> None:
    await declared.says(PODS[title], OUTCOMES[title])
    before = len(await world.audit(AuditAction.POD_LOOKED_UP))
    await declared.press("Riprova")
    await declared.sees(OUTCOMES[title], button="Riprova")
    await world.settled()
    assert len(await world.audit(AuditAction.POD_LOOKED_UP)) == before + 1


@on_sqlite
@pytest.mark.parametrize(
    "title", ["inesistente: non è nel registro", "contatore non idoneo", "Errore Interno"]
)
async def test_a_permanent_failure_offers_no_other_attempt(declared: Chat, title: str) -> None:
    shown = await declared.says(PODS[title], OUTCOMES[title])
    assert not any("Riprova" in label or "Associa un" in label for label in shown.labels)


async def test_every_look_up_is_recorded_with_its_outcome_and_the_correlation_of_its_log(
    world: World, declared: Chat
) -> None:
    expected = [
        (PLAIN, "eligible"),
        (THEIRS, "associated-by-other"),
        (PODS["Errore Interno"], "internal-error"),
    ]
    for pod, _ in expected:
        await declared.says(pod, pod)
    await world.settled()

    entries = await world.audit(AuditAction.POD_LOOKED_UP)
    assert [(entry.point, entry.outcome) for entry in entries] == expected
    assert {(entry.person_name, entry.integrator_name) for entry in entries} == {
        ("Configuratore", "Impianti Demo")
    }
    received = {event["correlation"] for event in world.events("update.stored")}
    shown = {event["correlation"] for event in world.events("post.shown")}
    correlations = [entry.correlation for entry in entries]
    assert len(set(correlations)) == len(expected)
    assert set(correlations) <= received & shown


@on_sqlite
async def test_the_log_never_holds_a_whole_pod(world: World, declared: Chat) -> None:
    world.allowed_errors.add("central.failed")
    await declared.says(PLAIN, "Fornitura ammissibile")
    await declared.says(PODS["Errore Generico"], "Errore Generico")
    await world.settled()
    text = world.log.getvalue()
    assert "…0014" in text  # the failed one is there, masked
    assert PLAIN not in text
    assert PODS["Errore Generico"] not in text


@on_sqlite
async def test_a_pasted_device_code_shows_the_device_and_where_it_is(declared: Chat) -> None:
    await declared.says(MOME_IN_USE, f"È associato al POD {OURS}", button="Vedi l’associazione")
    await declared.says(SMART_INFO_NID.lower(), "Smart Info della tua azienda", SMART_INFO, "Non è associato")
    theirs = await declared.says(THEIR_MOME, "Questo codice non corrisponde a nessun dispositivo")
    nobodys = await declared.says(NOBODYS, "Questo codice non corrisponde a nessun dispositivo")
    assert theirs.html == nobodys.html
    assert theirs.labels == nobodys.labels


@on_sqlite
async def test_the_search_button_asks_for_the_pod_and_takes_any_pasted_text(declared: Chat) -> None:
    await declared.press("Inizio")
    await declared.press("Cerca un POD")
    await declared.sees("Scrivi o incolla il POD", button="Annulla")
    await declared.says("IT001E", "Non è un POD", "Scrivi o incolla il POD")
    await declared.says(PLAIN, "Fornitura ammissibile")


@on_sqlite
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PLAIN[:-1], "Questo POD è incompleto: ha 13 caratteri"),
        (PLAIN + "77", "Questo POD ha 16 caratteri"),
        ("DE" + PLAIN[2:], "Non è un POD: comincia con IT"),
    ],
)
async def test_a_nearly_valid_pod_is_explained_and_the_dialogue_asks_again(
    declared: Chat, text: str, said: str
) -> None:
    await declared.says(text, said, button="Cerca un POD")
    await declared.press("Cerca un POD")
    await declared.sees("Scrivi o incolla il POD")
    again = await declared.says(text, said, "Scrivi o incolla il POD", button="Annulla")
    assert again.text.count("Scrivi o incolla") == 1


@on_sqlite
async def test_a_pod_in_cyrillic_letters_is_offered_in_latin_ones(declared: Chat) -> None:
    await declared.says(PLAIN.replace("IT", "ІТ").replace("E", "Е"), "Forse intendevi", button=PLAIN)
    await declared.press(PLAIN)
    await declared.sees("Fornitura ammissibile")


async def test_a_deep_link_looks_up_a_pod_and_survives_the_declaration(chat: Chat) -> None:
    await chat.says(f"/start pod_{PLAIN}", "Dichiarazione da parte del System Integrator")
    await chat.press("Accetto")
    await chat.sees("Fornitura ammissibile", button="Associa un dispositivo")


@on_sqlite
async def test_a_deep_link_begins_an_association(declared: Chat) -> None:
    await declared.says(f"/start assoc_{PLAIN}", "Che dispositivo è?", button="MOME")


@on_sqlite
@pytest.mark.parametrize(
    "payload", ["pod_", "pod", "nothing_1", "POD_IT001E48600001", "pod_<b>", "pod_" + "A" * 65, "home_x", "_"]
)
async def test_an_unknown_link_shows_the_first_screen(declared: Chat, payload: str) -> None:
    await declared.says(f"/start {payload}", "Incolla un POD")


@on_sqlite
@pytest.mark.parametrize("payload", ["pod_12", "assoc_12", "pod_--", "assoc_IT"])
async def test_a_link_with_a_bent_code_changes_nothing(declared: Chat, payload: str, world: World) -> None:
    await declared.says(f"/start {payload}", "Non è un POD che posso cercare")
    assert await world.dialogue() is None

"""Ways through the product that several test modules take, and the demo's PODs and devices by their kind."""

from __future__ import annotations

from sandbox import showcase
from sandbox.client import Shown
from tests.support import Chat

PODS = {case.title: case.pod for case in showcase.cases()}
PLAIN = PODS["ammissibile"]
PROSUMER = PODS["ammissibile, Prosumer con due POD di produzione"]
PRODUCTIONS = (showcase.pod_number(21), showcase.pod_number(22))
OURS = PODS["già associato da Impianti Demo"]
THEIRS = PODS["già associato da Elettro Demo"]

MOME, MOME_NID = showcase.sid("MOME", 2), showcase.nid("MOME", 2)
OTHER_MOME, OTHER_MOME_NID = showcase.sid("MOME", 3), showcase.nid("MOME", 3)
SMART_INFO, SMART_INFO_NID = showcase.sid("SMART_INFO", 2), showcase.nid("SMART_INFO", 2)
MOME_IN_USE = showcase.sid("MOME", 1)
THEIR_MOME = showcase.sid("MOME", 502)
NOBODYS = showcase.sid("MOME", 999)


async def begin(chat: Chat, pod: str = PLAIN) -> Shown:
    """Look an eligible POD up and begin to associate it; returns the first question."""
    await chat.says(pod, "Fornitura ammissibile", button="Associa un dispositivo")
    await chat.press("Associa un dispositivo")
    return await chat.sees("Che dispositivo è?", button="MOME")


async def to_summary(
    chat: Chat,
    pod: str = PLAIN,
    *,
    device: str = "MOME",
    codes: str = MOME,
    configuration: str = "Standard",
    production: str = "",
) -> Shown:
    """Answer every question up to the summary, and return it."""
    await begin(chat, pod)
    await chat.press(device)
    await chat.sees(f"Scrivi il SID o il NID del {device}")
    await chat.says(codes, "Quale configurazione?")
    await chat.press(configuration)
    if configuration == "Prosumer":
        await chat.sees("POD di produzione?", button=production)
        await chat.press(production)
    return await chat.sees("Riepilogo", button="Conferma")


async def associate(
    chat: Chat,
    pod: str = PLAIN,
    *,
    device: str = "MOME",
    codes: str = MOME,
    configuration: str = "Standard",
    production: str = "",
) -> tuple[Shown, Shown, bytes]:
    """Associate; returns the association's card, the message with the SCP file, and the file."""
    summary = await to_summary(
        chat, pod, device=device, codes=codes, configuration=configuration, production=production
    )
    await chat.press("Conferma", on=summary)
    document, data = await chat.document("File SCP", pod, after=summary.message_id)
    return await chat.saw("Associazione creata", pod), document, data


def data_of(shown: Shown, label: str) -> str:
    """The data of the button whose label contains `label`."""
    return next(button.data for button in shown.buttons if label in button.text and button.data is not None)

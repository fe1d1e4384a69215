"""A registration whose code goes through a real SMTP server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sandbox import demo
from tests.fixtures.worlds import Prepared
from tests.registrations.walks import EMAIL, MOBILE, begin, fill
from tests.smtp_server import HOST, smtp_server
from tests.support import world_in


async def test_the_code_comes_through_a_real_server(prepared: Prepared, home: Path) -> None:
    template = await prepared.template("sqlite")
    async with smtp_server() as server:
        settings: dict[str, Any] = {
            "smtp_host": HOST,
            "smtp_port": server.port,
            "mail_from": "A486 <a486@example.com>",
        }
        async with (
            world_in(home, demo.ports(limits=False), template=template, **settings) as world,
            world.chat(9) as visitor,
        ):
            await begin(visitor)
            await fill(visitor)
            await visitor.press("Conferma")
            await visitor.sees("Condividi il tuo numero")
            await visitor.phone.share_contact(MOBILE)
            await visitor.sees("Mando un codice a", button="Manda il codice")
            await visitor.press("Manda il codice")
            await visitor.sees("codice di sei cifre")
            (mail,) = server.messages
            assert mail["To"] == EMAIL
            assert mail["Subject"] == "Il codice per A486"
            code = re.search(r"\b[0-9]{6}\b", str(mail.get_content()))
            assert code is not None
            await visitor.says(code[0], "Registrazione inviata")

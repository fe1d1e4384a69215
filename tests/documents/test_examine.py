"""Files are what their names say, or are refused; what can run is told apart."""

from __future__ import annotations

import io

import pytest

from backend.core.child import ChildRefused, run_in_child
from backend.core.child_main import Refusal
from backend.documents.examine import examine, inspect
from bot.documents.feature import EXAMINE, LIMITS
from tests.documents.files import ELF, EXE, MSI, archive, office, pdf

PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)


@pytest.mark.parametrize(
    ("name", "content", "tool"),
    [
        ("contratto.PDF", pdf(), False),
        ("elenco.xlsx", office("xl/workbook.xml"), False),
        ("allegato.docx", office("word/document.xml"), False),
        ("note.txt", "è così".encode("cp1252"), False),
        ("allegati.zip", archive("a.pdf", "b/c.docx"), False),
        ("driver.zip", archive("driver.sys", "x64/setup.exe"), True),
        ("firmware.zip", archive("fw_1.2.bin"), True),
        ("setup.exe", EXE, True),
        ("setup.msi", MSI, True),
        ("tool.AppImage", ELF, True),
        ("fw.bin", b"\x00\x10\x20" * 40, True),
        ("fw.hex", b":10010000214601360121470136007EFE09D2190140\n", True),
        ("driver.tar.gz", b"\x1f\x8b\x08" + bytes(20), True),
        ("tool.jar", archive("META-INF/MANIFEST.MF"), True),
        ("foto.png", PNG, False),
        ("tool.dmg", bytes(600) + b"koly" + bytes(508), True),
    ],
)
def test_a_file_is_what_its_name_says(name: str, content: bytes, tool: bool) -> None:
    found = examine(content, name)
    assert found["tool"] is tool
    assert found["name"].lower() == name.lower()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("contratto.pdf", EXE, "disguised"),
        ("contratto.pdf", pdf() + archive("x.exe"), "disguised"),
        ("contratto.pdf", b"%PDF-1.4 <html><script>", "disguised"),
        ("contratto.pdf", pdf()[:30], "broken"),
        ("contratto.pdf", pdf(inside="/OpenAction<</S/J#61vaScript/JS(x)>>"), "active"),
        ("contratto.pdf", pdf(inside="/AA<</S/Launch>>"), "active"),
        ("contratto.pdf.exe", EXE, "disguised"),
        ("contratto.pdf .exe", EXE, "disguised"),
        ("contratto.txt", EXE, "disguised"),
        ("leggimi.txt", b"#!/bin/sh\nrm -rf /", "disguised"),
        ("leggimi.csv", b"<script>alert(1)</script>", "disguised"),
        ("elenco.xlsx", archive("setup.exe"), "disguised"),
        ("elenco.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin"), "macros"),
        ("elenco.docx", office("xl/workbook.xml"), "disguised"),
        ("allegati.zip", EXE + archive("a.pdf"), "disguised"),
        ("allegati.zip", b"PK\x03\x04" + bytes(50), "broken"),
        ("allegati.zip", archive("../../etc/cron.d/x"), "broken"),
        ("allegati.zip", archive("..\\windows\\x.dll"), "broken"),
        ("setup.exe", b"MZ" + bytes(100), "disguised"),
        ("setup.exe", pdf(), "disguised"),
        ("fw.bin", EXE, "disguised"),
        ("fw.bin", b"  <html>", "disguised"),
        ("foto.png", EXE, "disguised"),
        ("foto.jpg", b"\xff\xd8\xff" + archive("x.exe"), "disguised"),
        ("pagina.html", b"<html>", "kind"),
        ("vecchio.doc", MSI, "kind"),
        ("senza", pdf(), "kind"),
        (".pdf", pdf(), "kind"),
        ("macro.xlsm", office("xl/workbook.xml"), "kind"),
        ("contratto.pdf", b"", "empty"),
    ],
)
def test_what_hides_something_is_refused(name: str, content: bytes, why: str) -> None:
    with pytest.raises(Refusal) as refusal:
        examine(content, name)
    assert refusal.value.key == why


def test_the_name_that_is_kept_hides_nothing() -> None:
    found = inspect(io.BytesIO(pdf()), len(pdf()), "con\u202etratto/../x\n\x00.pdf")
    assert found.name == "con tratto_.._x.pdf"


async def test_it_happens_in_a_child() -> None:
    found = await run_in_child(EXAMINE, archive("setup.exe"), LIMITS, name="driver.zip")
    assert found == {"media_type": "application/zip", "name": "driver.zip", "tool": True}
    with pytest.raises(ChildRefused, match="disguised"):
        await run_in_child(EXAMINE, EXE, LIMITS, name="contratto.pdf")

"""Awkward files, byte for byte as programs and people make them, with the answer that each must get."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime

from xlsxwriter import Workbook

from backend.tabular.reasons import FileReason, Reason

H = ("POD", "MOME-ID/SID", "Tipo di Configurazione")
P1, P2, P3 = "IT001E48600102", "IT001E48600103", "IT001E48600104"
S1, S2, S3 = "MOM48600000000001", "MOM48600000000002", "MOM48600000000003"
R1, R2 = (P1, S1, "Standard"), (P2, S2, "Prosumer")

GOOD = 0
"""A line that is read."""
Expected = FileReason | Sequence[Reason | int]
Case = tuple[str, bytes, Expected]


def text(rows: Sequence[Sequence[str]], separator: str = ";", end: str = "\r\n") -> str:
    return end.join(separator.join(row) for row in rows) + end


def of(rows: Sequence[Sequence[str]]) -> bytes:
    """A table as most files are: semicolons, UTF-8."""
    return text(rows).encode()


def many(number: int) -> bytes:
    """A table of so many good lines."""
    return of([H, *[(f"IT001E{at:08d}", f"MOM{at:014d}", "Standard") for at in range(number)]])


def book(rows: Sequence[Sequence[object]], *others: Sequence[Sequence[object]]) -> bytes:
    """A workbook with a sheet for each table."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as made:
        for table in (rows, *others):
            sheet = made.add_worksheet()
            for number, row in enumerate(table):
                for column, cell in enumerate(row):
                    sheet.write(number, column, cell)
    return content.getvalue()


def merged() -> bytes:
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for column, cell in enumerate(H):
            sheet.write(0, column, cell)
        sheet.merge_range("A2:A3", P1)
        for number, sid in ((1, S1), (2, S2)):
            sheet.write(number, 1, sid)
            sheet.write(number, 2, "Standard")
    return content.getvalue()


def formulas() -> bytes:
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for column, cell in enumerate(H):
            sheet.write(0, column, cell)
        sheet.write_formula("A2", f'="{P1[:6]}"&"{P1[6:]}"', None, P1)
        sheet.write("B2", S1)
        sheet.write("C2", "Standard")
    return content.getvalue()


def archive(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name.replace("__", "/"), data)
    return content.getvalue()


def bomb() -> bytes:
    """A workbook whose sheet unpacks to 200 MB."""
    source = zipfile.ZipFile(io.BytesIO(book([H, R1])))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("sheet1.xml"):
                data = data.replace(b"<sheetData>", b"<sheetData>" + b" " * (200 * 1024 * 1024))
            packed.writestr(name, data)
    return content.getvalue()


def compound(*streams: str) -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + b"".join(s.encode("utf-16-le") for s in streams)
    )


def cases() -> Iterator[Case]:
    yield from dialects()
    yield from headings()
    yield from codes()
    yield from workbooks()
    yield from hostile()


def dialects() -> Iterator[Case]:
    two = [H, R1, R2]
    good = [GOOD, GOOD]
    yield "Excel in Italian, CSV", text(two).encode("cp1252"), good
    yield "Excel in Italian, CSV UTF-8", text(two).encode("utf-8-sig"), good
    yield "Excel in English, CSV", text(two, ",").encode("cp1252"), good
    yield "Excel in English, CSV UTF-8", text(two, ",").encode("utf-8-sig"), good
    yield "Excel, Unicode text", text(two, "\t").encode("utf-16"), good
    yield "UTF-16 big-endian", b"\xfe\xff" + text(two, "\t").encode("utf-16-be"), good
    yield "Excel, tab separated", text(two, "\t").encode("cp1252"), good
    yield "Excel for Mac, lines end in CR", text(two, ";", "\r").encode("cp1252"), good
    yield "LibreOffice, UTF-8", text(two, ",", "\n").encode(), good
    quoted = "\n".join(",".join(f'"{cell}"' for cell in row) for row in two)
    yield "LibreOffice, every cell in quotes", quoted.encode(), good
    yield "Numbers, commas", text(two, ",", "\n").encode(), good
    yield "Numbers in Italian, semicolons", text(two, ";", "\n").encode(), good
    yield "Google Sheets, no last line end", text(two, ",", "\r\n").encode().rstrip(), good
    yield "sep=; first", b"sep=;\r\n" + text(two).encode(), good
    yield "sep=, first", b"sep=,\r\n" + text(two, ",").encode(), good
    yield "sep= in quotes", b'"sep=;"\r\n' + text(two).encode(), good
    yield "sep= saved again as a row", b"sep=;;;\r\n" + text(two).encode(), good
    yield "sep= with a bar", b"sep=|\r\n" + text(two, "|").encode(), good
    yield "blank lines first", b"\r\n;;\r\n" + text(two).encode(), good
    yield "a title above, commas", text([("Elenco impianti",), *two], ",").encode(), good
    yield "a line of empty quotes", of([H, R1, ('""', '""', '""'), R2]), good
    yield "blank lines at the end", text(two).encode() + b"\r\n\r\n;;\r\n  ;;\r\n", good
    yield "blank lines between", of([H, ("", "", ""), R1, ("", "", ""), R2]), good
    yield (
        "columns without a heading at the end",
        of([(*row, "", "") for row in two]),
        good,
    )
    yield "accents in CP1252", text([(*H, "Città"), (*R1, "Forlì"), (*R2, "Cefalù")]).encode("cp1252"), good
    yield "spaces around", of([H, (f" {P1} ", f" {S1}", "Standard "), R2]), good
    yield "a note over two lines", (text([(*H, "Note"), (*R1, '"due\r\nrighe"'), (*R2, "")])).encode(), good
    yield "a quote in a note", of([(*H, "Note"), (*R1, '"detto ""casa"""'), (*R2, "")]), good
    yield "a stray quote", of([H, (P1, f'"{S1}', "Standard"), R2]), [Reason.NOT_CSV, GOOD]


def headings() -> Iterator[Case]:
    good = [GOOD]
    yield "capital letters", of([("pod", "SID", "TIPO DI CONFIGURAZIONE"), R1]), good
    yield "another order", of([("Tipo", "SID", "POD"), ("Standard", S1, P1)]), good
    yield "MOME ID", of([("Codice POD", "Mome Id", "Configurazione"), R1]), good
    yield (
        "POD di scambio",
        of([("POD di scambio", "MOME-ID o SID", "Tipo configurazione"), R1]),
        good,
    )
    yield "lengths in the headings", of([("POD (max 15 caratteri)", "MOME-ID/SID (17)", H[2]), R1]), good
    yield "a title with commas above", of([("Impianti, nuovi, di Roma",), H, R1]), good
    yield "a column that is there twice, one empty", of([("POD", "POD scambio", *H[1:]), ("", *R1)]), good
    yield (
        "a column that is there twice",
        of([("POD", "POD scambio", *H[1:]), (P2, *R1)]),
        FileReason.TWICE,
    )
    yield "other columns too", of([("N.", *H, "Cliente"), ("1", *R1, "Rossi")]), good
    yield "a title above", of([("Elenco impianti",), (), H, R1]), good
    yield "no heading", of([R1]), good
    yield "the reasons of before", of([(*H, "Motivo"), (*R1, "POD: non è un POD")]), good
    yield "an empty production column", of([(*H, "POD produzione"), (*R1, "")]), good
    for name in (
        "POD produzione",
        "POD produzione 1",
        "Codice POD produzione",
        "POD di produzione (ENELTEL)",
        "Codice ENELTEL",
        "POD di immissione",
    ):
        yield f"a column {name}", of([(*H, name), (*R1, P2)]), FileReason.PRODUCTION
    yield (
        "its ENELTEL",
        of([(*H, "Eneltel POD di produzione"), (*R1, "700000001")]),
        FileReason.PRODUCTION,
    )
    yield (
        "a NID column only",
        of([("POD", "NID", "Tipo"), (P1, "048600000001", "Standard")]),
        FileReason.NID,
    )
    yield "no type", of([("POD", "SID"), (P1, S1)]), FileReason.COLUMNS
    yield "other headings", of([("a", "b", "c"), ("1", "2", "3")]), FileReason.COLUMNS
    yield "a heading and no line", of([H]), FileReason.EMPTY
    yield "an empty file", b"", FileReason.EMPTY
    yield "blank lines only", b"\r\n\r\n;;\r\n", FileReason.EMPTY


def codes() -> Iterator[Case]:
    def one(pod: str = P1, sid: str = S1, kind: str = "Standard") -> bytes:
        return of([H, (pod, sid, kind)])

    yield "lower case", one(P1.lower(), S1.lower(), "standard"), [GOOD]
    yield "a POD in groups", one("IT 001 E 48600102"), [GOOD]
    yield "15 characters", one(P1 + "9"), [GOOD]
    yield "16 characters", one(P1 + "99"), [Reason.NOT_A_POD]
    yield "no POD", one(""), [Reason.EMPTY]
    yield "no SID", one(sid=""), [Reason.EMPTY]
    yield "no type of configuration", one(kind=""), [Reason.EMPTY]
    yield "PROSUMER", one(kind="PROSUMER"), [GOOD]
    yield "another type", one(kind="Forse"), [Reason.NO_CONFIGURATION]
    yield "a NID", one(sid="04:86:00:00:00:01"), [Reason.NID_GIVEN]
    yield "16 characters of a SID", one(sid=S1[:-1]), [Reason.NOT_A_SID]
    yield "mangled by Excel", one(sid="1,23E+16"), [Reason.MANGLED]
    yield "mangled by Excel in English", one(sid="1.23E+16"), [Reason.MANGLED]
    for number in ("1E+16", "1,23E16"):
        yield f"mangled as {number}", one(sid=number), [Reason.MANGLED]
    for day in ("2026-02-01", "2026-02-01 00:00:00", "01-feb", "feb-26", "1 gennaio 2026", "Jan-26"):
        yield f"the date {day}", one(sid=day), [Reason.DATE]
    yield "a POD kept as text by a formula", one(f'="{P1}"'), [GOOD]
    yield "a SID kept as text by a mark", one(sid=f"'{S1}"), [GOOD]
    yield "a date for a SID", one(sid="01/02/2026"), [Reason.DATE]
    yield "a formula", one("=1+1"), [Reason.NOT_A_POD]
    yield "the POD twice", of([H, R1, (P1 + "9", S2, "Standard")]), [GOOD, Reason.SAME_POD]
    yield "the device twice", of([H, R1, (P2, S1, "Standard")]), [GOOD, Reason.SAME_DEVICE]
    yield "a line too short", of([H, (P1,), R2]), [Reason.EMPTY, GOOD]
    yield (
        "101 rows",
        many(101),
        [GOOD] * 101,
    )
    yield (
        "1,001 rows",
        many(1001),
        FileReason.TOO_MANY,
    )


def workbooks() -> Iterator[Case]:
    yield "a workbook", book([H, R1, R2]), [GOOD, GOOD]
    yield "blank rows and columns before", book([(), (), ("", *H), ("", *R1)]), [GOOD]
    yield "a number in place of a SID", book([H, (P1, 12345678901234567, "Standard")]), [Reason.MANGLED]
    yield "a date in place of a POD", book([H, (datetime(2026, 2, 1), S1, "Standard")]), [Reason.DATE]  # noqa: DTZ001
    yield "a truth value", book([H, (P1, S1, True)]), [Reason.NO_CONFIGURATION]
    yield "merged cells", merged(), [GOOD, Reason.EMPTY]
    yield "formulas with values", formulas(), [GOOD]
    yield "an empty sheet", book([]), FileReason.EMPTY
    yield "an empty sheet beside", book([], [H, R1]), [GOOD]
    yield "a password", compound("EncryptionInfo", "EncryptedPackage"), FileReason.PASSWORD
    yield "macros in the old format", compound("Workbook", "_VBA_PROJECT"), FileReason.MACROS
    parts = {"[Content_Types].xml": b"<Types/>", "xl__vbaProject.bin": b"x"}
    yield "macros", archive(**parts), FileReason.MACROS
    yield "broken", book([H, R1])[:-200], FileReason.DAMAGED
    yield "an archive", archive(readme=b"ciao"), FileReason.NOT_TEXT
    yield "a workbook without sheets", archive(**{"[Content_Types].xml": b"<Types/>"}), FileReason.DAMAGED


def hostile() -> Iterator[Case]:
    yield "a zip bomb", bomb(), FileReason.TOO_LARGE
    yield "a page as .xls", b"<html><table><tr><td>POD</td></tr></table></html>", FileReason.PAGE
    yield "a page with a BOM", b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>", FileReason.PAGE
    yield "a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, FileReason.NOT_TEXT
    yield "a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", FileReason.NOT_TEXT
    yield "zeros in UTF-16", "POD;SID\0\r\n".encode("utf-16"), FileReason.NOT_TEXT
    yield "twenty megabytes of line ends", b"\n" * (20 * 1024 * 1024), FileReason.TOO_LARGE
    yield "zeros", b"POD;SID\0\0\0", FileReason.NOT_TEXT
    yield "ten million cells", (b"a;b;c;d;e;f;g;h;i;j\n" * 1_000_000), FileReason.TOO_LARGE
    yield "one endless line", b"a" * 5_000_000, FileReason.NOT_TEXT
    yield (
        "quotes without an end",
        of([H]) + b'"' + b"x\n" * 3,
        [Reason.NOT_CSV, Reason.NOT_A_POD, Reason.NOT_A_POD],
    )

"""What is read on photos of labels: much of what can be seen, and never what does not stand there.

The labels and the photos are drawn by code and decided by seeds; `make bench ARGS="labels"` reads many more.
"""

from __future__ import annotations

import io
import random

import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageOps

from backend.devices.codes import SID_PATTERN, Codes
from backend.labels.codes import codes_in
from backend.labels.reading import read
from sandbox.labels import Printed, Symbol, Trouble, label, made_up_codes, photographed

SID, NID = made_up_codes(486)
ROUNDS = 1
"""Photos of each trouble with each kind of symbol."""


def found(content: bytes, seconds: float = 1.0) -> Codes:
    made = read(content, SID_PATTERN, seconds)
    return Codes(tuple(made["sids"]), tuple(made["nids"]))


@pytest.mark.parametrize("trouble", Trouble)
def test_photos_with_one_trouble_are_read_and_nothing_else_is(trouble: Trouble) -> None:
    missed = []
    for symbol in Symbol:
        for seed in range(ROUNDS):
            sid, nid = made_up_codes(seed)
            shown = label([Printed(sid, symbol), Printed(nid, symbol)])
            codes = found(photographed(shown, trouble, seed), seconds=6.0)
            assert codes.sids in ((), (sid,))
            assert codes.nids in ((), (nid,))
            if not (codes.sids or codes.nids):
                missed.append((symbol, seed))
    assert len(missed) <= (1 if trouble is Trouble.BLUR else 0), missed


def test_sid_and_nid_and_what_else_stands_on_a_label_are_told_apart() -> None:
    one = label(
        [
            Printed(f"SID:{SID}\nNID:{NID}", Symbol.QR),
            Printed("S/N 4711-0815"),
            Printed("https://example.com/p/0123456789ABCDEF", Symbol.DATA_MATRIX),
        ]
    )
    assert found(photographed(one, Trouble.NOTHING, 1)) == Codes((SID,), (NID,))


def test_two_devices_on_a_photo_are_two_codes() -> None:
    other, _ = made_up_codes(4)
    two = label([Printed(SID), Printed(other)])
    assert set(found(photographed(two, Trouble.NOTHING, 1)).sids) == {SID, other}


def test_nothing_is_read_where_there_is_no_code() -> None:
    chance = random.Random(5)  # noqa: S311 - no secret
    scene = Image.new("L", (900, 700), 200)
    pen = ImageDraw.Draw(scene)
    at = 20
    while at < 860:  # bars that are no symbol
        width = chance.randint(2, 9)
        pen.rectangle((at, 100, at + width, 400), chance.randint(0, 60))
        at += width + chance.randint(2, 9)
    out = io.BytesIO()
    scene.save(out, "PNG")
    assert found(out.getvalue()) == Codes((), ())
    assert found(photographed(label([Printed("MATRICOLA 00123456")]), Trouble.NOTHING, 1)) == Codes((), ())


def test_a_picture_lying_on_its_side_or_without_a_background_is_read() -> None:
    shown = label([Printed(SID)])
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by the camera
    out = io.BytesIO()
    shown.rotate(90, expand=True).save(out, "JPEG", exif=exif)
    assert found(out.getvalue()).sids == (SID,)
    clear = Image.new("LA", shown.size, (0, 0))
    clear.putalpha(shown.point(lambda level: 255 - level))
    out = io.BytesIO()
    clear.save(out, "PNG")
    assert found(out.getvalue()).sids == (SID,)


@pytest.mark.parametrize("symbol", Symbol)
def test_what_is_printed_white_on_black_is_read(symbol: Symbol) -> None:
    for seed in range(3):
        sid, nid = made_up_codes(seed)
        shown = ImageOps.invert(label([Printed(sid, symbol), Printed(nid, symbol)]))
        codes = found(photographed(shown, Trouble.NOTHING, seed), seconds=6.0)
        assert codes == Codes((sid,), (nid,))


@pytest.mark.parametrize(
    ("kind", "text"),
    [("Code39", SID), ("Code93", SID), ("EAN13", "4006381333931"), ("ITF", "123456789012")],
)
def test_symbols_with_a_weak_check_are_not_read(kind: str, text: str) -> None:
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind)).to_image(scale=3)
    rows, columns = made.shape
    drawn = Image.frombuffer("L", (columns, rows), bytes(memoryview(made))).resize((columns, 110))  # type: ignore[arg-type] # it is a buffer, which its types leave out
    scene = Image.new("L", (columns + 80, 190), 255)
    scene.paste(drawn, (40, 40))
    any_kind = zxingcpp.read_barcodes(scene)
    assert [each.text.replace("*", "") for each in any_kind] == [text]  # it could be read
    out = io.BytesIO()
    scene.save(out, "PNG")
    pattern = f"{SID_PATTERN}|[0-9]{{12,13}}"  # whatever they say would be a code
    read_there = read(out.getvalue(), pattern, 0.5)
    assert (read_there["sids"], read_there["nids"]) == ([], [])


def test_reading_ends_with_its_time() -> None:
    turned = label([Printed(SID)]).rotate(33, expand=True, fillcolor=160)
    out = io.BytesIO()
    turned.save(out, "PNG")
    assert found(out.getvalue(), seconds=60.0).sids == (SID,)
    assert found(out.getvalue(), seconds=0.0).sids == ()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (SID, Codes((SID,), ())),
        (NID.lower(), Codes((), (NID,))),
        (f"  {SID}\r\n{NID}\x00", Codes((SID,), (NID,))),
        (f"SID={SID};NID={NID}", Codes((SID,), (NID,))),
        (f"MOME-ID: {SID}", Codes((SID,), ())),
        (f"https://example.com/?sid={SID}&x=1", Codes((SID,), ())),
        (":".join(NID[at : at + 2] for at in range(0, 12, 2)), Codes((), (NID,))),
        (f"{SID}X", Codes((), ())),
        (f"X{NID}", Codes((), ())),
        (f"{SID[:8]} {SID[8:]}", Codes((), ())),
        (f"{SID[:8]}-{SID[8:]}", Codes((), ())),
        ("LOT A12345 20240102", Codes((), ())),
        ("MULTIDISCIPLINARE", Codes((), ())),
        ("(01)08012345678905(21)123", Codes((), ())),
        ("x" * 5000, Codes((), ())),
    ],
)
def test_a_code_is_a_whole_word(text: str, codes: Codes) -> None:
    assert codes_in(text, SID_PATTERN) == codes


def test_the_form_of_a_sid_is_a_setting() -> None:
    assert codes_in(f"{SID} AB12345", "AB[0-9]{5}") == Codes(("AB12345",), ())


@pytest.mark.parametrize("size", [(1, 1), (3, 4000)])
def test_nothing_is_read_on_pictures_of_odd_sizes(size: tuple[int, int]) -> None:
    out = io.BytesIO()
    Image.new("1", size).save(out, "PNG")
    assert found(out.getvalue()) == Codes((), ())

"""Sample documents for the demo: a folder tree on disk, as an operator keeps one. Each says what it is."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from backend.core.db.database import Database
from backend.documents.syncing import Change, sync
from bot.documents.cli import FOLDERS

FOLDER = "documenti"
MARK = "CAMPIONE - non è un documento del servizio"
_SMART, _MOME = "Smart Info", "MOME"
_SALES, _TECHNICAL, _TOOLS = (
    "Documentazione commerciale",
    "Documentazione tecnica",
    "Tool e strumenti software",
)
_RELEASE, _DRIVER = "Release note del firmware", "Procedura di installazione del driver"
PAPERS = (
    "DOC/Campione - Kit informativo dei servizi v1.0.pdf",
    f"{_MOME}/{_SALES}/Contratto di vendita/Campione - Contratto di vendita MOME v3.0.pdf",
    f"{_MOME}/{_SALES}/Processo di acquisto/Campione - MOME il processo di acquisto v1.1.pdf",
    f"{_MOME}/{_TECHNICAL}/Datasheet/Campione - Datasheet MOME v1.0.pdf",
    f"{_MOME}/{_TECHNICAL}/Datasheet/Campione - Datasheet MOME v1.1.pdf",
    f"{_MOME}/{_TECHNICAL}/{_RELEASE}/Campione - Release note MOME v2.4.pdf",
    f"{_MOME}/Dichiarazioni di conformità/Campione - Dichiarazione di conformità MOME v1.0.pdf",
    f"{_SMART}/{_SALES}/Contratto di vendita/Campione - Contratto di vendita Smart Info v3.0.pdf",
    f"{_SMART}/{_TECHNICAL}/Specifiche tecniche del protocollo/Campione - Protocollo Smart Info v1.6.pdf",
    f"{_SMART}/{_TECHNICAL}/{_DRIVER}/Windows 10/Campione - Driver su Windows 10 v1.0.pdf",
    f"{_SMART}/{_TECHNICAL}/{_DRIVER}/Linux/Campione - Driver su Linux v1.0.pdf",
)
ARCHIVES = (
    f"{_MOME}/{_TOOLS}/Firmware/Campione - Firmware MOME v2.4.zip",
    f"{_SMART}/{_TOOLS}/Driver USB/64 bit/Campione - Driver USB v1.2.zip",
)


def write_samples(folder: Path) -> Path:
    """Write the tree below a folder, and return it."""
    root = folder / FOLDER
    for path in PAPERS:
        _write(root / path, sample_pdf(Path(path).stem))
    for path in ARCHIVES:
        _write(root / path, _archive(Path(path).stem))
    return root


async def publish_samples(database_url: str, root: Path) -> None:
    """Publish the tree, as `a486 documents sync` does. Raises RuntimeError where one of them is refused."""
    async with Database(database_url) as database:
        async for told in sync(database, root, FOLDERS, datetime.now(UTC)):
            if told.change is Change.REFUSED:
                raise RuntimeError(f"{told.path}: {told.why}")


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def sample_pdf(title: str) -> bytes:
    """A page with a title and the mark."""
    text = (
        f"BT /F1 18 Tf 56 770 Td ({_escaped(title)}) Tj ET\nBT /F1 12 Tf 56 740 Td ({_escaped(MARK)}) Tj ET\n"
    ).encode("cp1252")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    made, places = b"%PDF-1.4\n", list[int]()
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        made
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (
            size,
            table,
            size,
            len(made),
        )
    )


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _archive(title: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("LEGGIMI.txt", f"{title}\n{MARK}\n")
        archive.writestr("campione.bin", MARK.encode() * 200)
    return made.getvalue()

"""The content of an installation report: what was to be done, what was read back, who confirmed it."""

from __future__ import annotations

import html
from typing import Any

from backend.programming.values import ProgrammingJob, ReadBack
from conversations.core.context import Say
from conversations.programming.wording import links_of, model_of
from device_bridge.wire.pairing import grouped


def document_of(say: Say, job: ProgrammingJob, photo: bool) -> dict[str, Any]:
    """The arguments of `drawings.document` for a job, in the language of `say`; `photo`: there is one."""

    def plain(key: str, **values: object) -> str:
        return html.unescape(say(f"programming.report.{key}", **values))

    about = job.association
    supply = [
        [plain("pod"), about.pod.code],
        *([[plain("production"), about.production_pod.code]] if about.production_pod else []),
        ["ENELTEL", about.eneltel],
        [plain("serial"), about.meter_serial],
        *([[plain("place"), job.place]] if job.place else []),
    ]
    device = [
        [plain("device"), about.device_type.product_name],
        ["SID", about.sid],
        ["NID", about.nid],
        [plain("configuration"), html.unescape(say(f"configuration.{about.configuration.value.lower()}"))],
    ]
    notes = [plain("note_read" if job.read_back is not None else "note_by_hand")]
    if job.read_back is not None and job.read_back.simulated:
        notes.insert(0, plain("note_simulated"))
    if job.read_back is not None and job.read_back.clock_wrong:
        notes.append(plain("note_clock"))
    if job.repeated:
        notes.append(plain("note_repeated"))
    sections = [
        [plain("supply"), supply],
        [plain("device_heading"), device],
        [plain("read_heading"), _read(say, plain, job.read_back)],
        [plain("site_heading"), _site(plain, job, photo)],
    ]
    return {
        "title": plain("title"),
        "subtitle": plain("subtitle", number=job.id, integrator=about.integrator_name),
        "sections": sections,
        "notes": notes,
        "footer": plain("footer", number=job.id, association=str(about.id)),
    }


def _read(say: Say, plain: Any, found: ReadBack | None) -> list[list[str]]:
    if found is None:
        return [[plain("outcome"), plain("outcome_none")]]
    return [
        [plain("outcome"), plain(f"outcome_{found.outcome}")],
        [plain("read_pod"), found.pod or plain("nothing")],
        ["NID", found.nid],
        [plain("model"), html.unescape(model_of(say, found.model))],
        [plain("firmware"), found.firmware],
        *([plain(f"link_{meter}"), html.unescape(said)] for meter, said in links_of(say, found.links)),
        [plain("file"), plain("file_value", number=found.sequence, loader=found.loader)],
        [plain("sha256"), _halves(found.sha256)],
        [plain("held"), _halves(found.held) if found.held else plain("not_told")],
        [plain("laptop"), plain("laptop_value", host=found.host, fingerprint=grouped(found.fingerprint))],
        [plain("began"), plain("time", at=found.began_at)],
        [plain("ended"), plain("time", at=found.ended_at)],
        [plain("attempt"), str(found.attempt)],
    ]


def _halves(digest: str) -> str:
    """A digest on two lines, each half of it."""
    return f"{digest[:32]}\n{digest[32:]}"


def _site(plain: Any, job: ProgrammingJob, photo: bool) -> list[list[str]]:
    word = job.on_site
    if word is None:
        return []
    rows = [[plain("technician"), job.technician], [plain("confirmed"), plain("time", at=word.at)]]
    if word.latitude is not None and word.longitude is not None:
        rows.append([plain("position"), f"{word.latitude:.5f}, {word.longitude:.5f}"])
    rows.append([plain("photo"), plain("photo_below" if photo else "photo_none")])
    return rows

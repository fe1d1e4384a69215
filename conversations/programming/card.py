"""The card of a programming job: what is to be done, how far it is, what was read back."""

from __future__ import annotations

from backend.identity.permissions import Permission
from backend.identity.values import Actor
from backend.programming.values import TO_PROGRAM, ProgrammingJob, ProgrammingState, ReadBack
from conversations.core.context import Say
from conversations.core.prompts import NOTHING, Button, Entry, Html, Prompt, Rows, join
from conversations.core.waiting import bar
from conversations.programming.wording import STEPS, links_of, model_of, why


def job_card(say: Say, job: ProgrammingJob, actor: Actor | None, head: Html = NOTHING) -> Prompt:
    """The card, as this person sees it."""
    parts = [head, join(_heading(say, job)), *_state(say, job)]
    if job.awaits_file and job.state in TO_PROGRAM:
        parts.append(say("programming.file_awaited"))
    if job.repeated and job.failure is not None and job.state is ProgrammingState.CONFIRMED:
        parts.append(say("programming.repeated_failed"))
    elif job.repeated:
        parts.append(say("programming.repeated"))
    return Prompt(join(parts, "\n\n"), _rows(say, job, actor), persistent=True)


def _heading(say: Say, job: ProgrammingJob) -> list[Html]:
    about = job.association
    lines = [
        say("programming.title", number=job.id, state=say(f"programming.state.{job.state.value}")),
        say("programming.pod", pod=about.pod.code),
    ]
    if about.production_pod is not None:
        lines.append(say("programming.production", pod=about.production_pod.code))
    lines.append(
        say(
            "programming.device",
            device=about.device_type.product_name,
            configuration=say(f"configuration.{about.configuration.value.lower()}"),
            sid=about.sid,
            nid=about.nid,
        )
    )
    if job.place:
        lines.append(say("programming.place", place=job.place))
    if job.note:
        lines.append(say("programming.note", note=job.note))
    lines.append(say("programming.technician", name=job.technician))
    return lines


def _state(say: Say, job: ProgrammingJob) -> list[Html]:
    match job.state:
        case ProgrammingState.RUNNING:
            return [_progress(say, job)]
        case ProgrammingState.FAILED if job.failure is not None:
            return [why(say, job.failure.reason, job.failure.values), say("programming.nothing_proved")]
        case ProgrammingState.CANCELLED if job.read_back is not None:
            return [say("programming.cancelled_but_programmed"), _read_back(say, job.read_back)]
        case ProgrammingState.PROGRAMMED | ProgrammingState.CONFIRMED:
            return [_read_back(say, job.read_back), _on_site(say, job)]
        case _ if job.on_site is not None:
            return [say("programming.word_waits")]
        case _:
            return []


def _progress(say: Say, job: ProgrammingJob) -> Html:
    step = job.step or "identify"
    if step == "hand_over":
        return say("programming.step.hand_over")
    if step not in STEPS:
        step = "identify"
    number = STEPS.index(step) + 1
    line = say(f"programming.step.{step}", number=number, steps=len(STEPS))
    return join((line, bar(say, job.done, job.of) if job.of else NOTHING))


def _read_back(say: Say, found: ReadBack | None) -> Html:
    if found is None:
        return say("programming.by_hand")
    lines = [
        say(f"programming.outcome.{found.outcome}"),
        say("programming.read_nid", nid=found.nid),
        say("programming.read_pod", pod=found.pod) if found.pod else say("programming.read_nothing"),
        say("programming.read_model", model=model_of(say, found.model)),
        *(say(f"programming.read_link_{meter}", said=said) for meter, said in links_of(say, found.links)),
        _read_by(say, found),
    ]
    if found.simulated:
        lines.append(say("programming.simulated"))
    return join(lines)


def _read_by(say: Say, found: ReadBack) -> Html:
    host = found.host or say("programming.a_laptop")
    if found.clock_wrong:
        return say("programming.read_by_wrong_clock", host=host, at=found.ended_at)
    return say("programming.read_by", host=host, at=found.ended_at)


def _on_site(say: Say, job: ProgrammingJob) -> Html:
    if job.state is not ProgrammingState.CONFIRMED or job.on_site is None:
        return NOTHING
    return say("programming.confirmed_at", at=job.on_site.at, name=job.technician)


def _rows(say: Say, job: ProgrammingJob, actor: Actor | None) -> Rows:
    number = str(job.id)
    rows: list[tuple[Button, ...]] = []
    if actor is not None and actor.membership is not None:
        rows += _technicians_rows(say, job, number) if _is_technicians(job, actor) else []
        managed = _managing_row(say, job, actor, number)
        rows += [managed] if managed else []
    if job.state is ProgrammingState.CONFIRMED:
        rows.append((Entry(say("programming.button.report"), "programming_report", number),))
    rows.append(
        (
            Entry(say("association.button.open"), "association", str(job.association.id)),
            Entry(say("programming.menu"), "my_jobs"),
        )
    )
    return tuple(rows)


def _is_technicians(job: ProgrammingJob, actor: Actor) -> bool:
    return actor.person_id == job.technician_id and actor.may(Permission.PROGRAM)


def _technicians_rows(say: Say, job: ProgrammingJob, number: str) -> list[tuple[Button, ...]]:
    def entry(key: str, action: str, argument: str = number) -> Entry:
        return Entry(say(f"programming.button.{key}"), action, argument)

    match job.state:
        case ProgrammingState.ASSIGNED:
            return [(entry("connect", "job_connect"),), (entry("without", "job_without"),)]
        case ProgrammingState.RUNNING if job.step == "hand_over":
            return [(entry("loaded", "job_loaded"),), (entry("refresh", "job"),)]
        case ProgrammingState.RUNNING:
            return [(entry("refresh", "job"),)]
        case ProgrammingState.FAILED:
            return [
                (entry("again", "job_connect"), entry("blink", "job_blink")),
                (entry("replace", "job_replace"), entry("help", "job_help")),
                (entry("without", "job_without"),),
            ]
        case ProgrammingState.PROGRAMMED:
            return [(entry("confirm", "job_confirm"),), _readings(say, job)]
        case ProgrammingState.CONFIRMED:
            return [_readings(say, job)]
        case _:
            return []


def _readings(say: Say, job: ProgrammingJob) -> tuple[Button, ...]:
    number = str(job.id)
    readings = Entry(say("programming.button.readings"), "job_readings", number)
    if not job.association.gesis:
        return (readings,)
    return (readings, Entry(say("programming.button.factor"), "job_factor", number))


def _managing_row(say: Say, job: ProgrammingJob, actor: Actor, number: str) -> tuple[Button, ...]:
    assigns, mine = actor.may(Permission.ASSIGN_PROGRAMMING), _is_technicians(job, actor)
    row: list[Button] = []
    if job.state is ProgrammingState.PROGRAMMED and assigns and not mine:
        return (Entry(say("programming.button.hand_over"), "job_hand_over", number),)
    if job.state not in (ProgrammingState.ASSIGNED, ProgrammingState.FAILED):
        return ()
    if job.state is ProgrammingState.FAILED and not mine and actor.may(Permission.ASSOCIATE):
        row.append(Entry(say("programming.button.replace"), "job_replace", number))
    if assigns or mine:
        row.append(Entry(say("programming.button.hand_over"), "job_hand_over", number))
    if assigns or (mine and job.assigned_by_id == actor.person_id):
        row.append(Entry(say("programming.button.cancel"), "job_ask_cancel", number))
    return tuple(row)

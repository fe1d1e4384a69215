"""A stub of the distributor's central system: docs/central-system.yaml from the other side.

It keeps what it is told, and fails in every way in which a service over HTTP can; for tests and the demo.

    async with StubCentral(supplies) as stub:
        ...  # the contract at stub.url, with stub.token
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar

import structlog
from aiohttp import web
from pydantic import BaseModel, ValidationError

from backend.associations.values import Configuration
from backend.devices.values import DeviceType
from backend.scp.source import GeneratedScpSource
from backend.scp.values import ScpRequest
from backend.supplies.central import Fault, FaultKind
from backend.supplies.errors import CentralDataError
from backend.supplies.household import answer_from
from backend.supplies.pod import POINT_LENGTH, Pod
from backend.supplies.values import Supply
from sandbox.central_faults import StubFault, Trouble, spoilt
from sandbox.central_messages import AssociationBody, Question, ScpBody, number_of

log = structlog.get_logger(__name__)

HOST = "127.0.0.1"
MOST_BODY_BYTES = 64 * 1024
PAGE, PAGE_AT_MOST = 500, 1000
PROBLEM = "application/problem+json"
CAME_SECONDS = 60.0
"""For so long a call is waited for."""
TITLES = {
    "malformed": (400, "The request is not as agreed"),
    "unauthorised": (401, "The token is missing or wrong"),
    "unknown": (404, "There is no such thing"),
    "method": (405, "There is no such operation"),
    "too-large": (413, "The request is too large"),
    "wrong-type": (415, "The request is not application/json"),
    "data-unusable": (422, "The data of this POD cannot be extracted"),
    "outdated": (409, "This revision of something else, or a greater one, is known"),
    "taken": (409, "The point or the device has another association"),
    "not-ready": (409, "The file is not ready"),
    "too-many": (429, "Too many calls"),
    "failed": (500, "It failed"),
    "away": (503, "It cannot answer now"),
}

B = TypeVar("B", bound=BaseModel)


class Refusal(Exception):
    """A call is answered with a problem."""

    def __init__(self, code: str, **more: object) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


@dataclass
class Held:
    """An association as it is held: the greatest revision that was told, and what was told with it (none
    where it does not live).
    """

    revision: int
    body: AssociationBody | None


@dataclass
class _File:
    """An SCP file: what was asked for, its content, and how many more times it is seen *preparing*."""

    wanted: ScpBody
    content: bytes
    looks: int


@dataclass
class _Waiting:
    """Troubles that calls are to meet, in their order."""

    of: dict[str, deque[Trouble]] = field(default_factory=lambda: defaultdict(deque))

    def next(self, operation: str) -> Trouble | None:
        for name in (operation, ""):
            if self.of[name]:
                return self.of[name].popleft()
        return None


class StubCentral:
    """The stub. `faults` are PODs whose look-ups fail, as the demo shows them; `looks`: how many times an SCP
    file is seen *preparing* before it is ready.
    """

    def __init__(
        self,
        supplies: Iterable[Supply] = (),
        *,
        faults: Mapping[Pod, Fault] | None = None,
        looks: int = 0,
        token: str = "",
    ) -> None:
        self.token = token or secrets.token_urlsafe(24)
        self.held: dict[int, Held] = {}
        self.effects: list[tuple[int, str]] = []
        """What was changed by calls, in order: an association, and `put` or `delete`."""
        self.calls = Counter[str]()
        """The calls of each operation that came, answered or not."""
        self.refused = Counter[str]()
        """The calls that were refused, by the code that says why."""
        self._supplies = {supply.point: supply for supply in supplies}
        self._faults = dict(faults or {})
        self.looks = looks
        self._files: dict[int, _File] = {}
        self._waiting = _Waiting()
        self._source = GeneratedScpSource()
        self._stopping = asyncio.Event()
        self._came, self._ended = asyncio.Event(), asyncio.Event()
        self._under_way = 0
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        log.warning("central.stand_in", implementation="stub")
        app = web.Application(client_max_size=MOST_BODY_BYTES, middlewares=[_problems])
        for method, path, handler in (
            ("POST", "/v1/look-ups", self._look_up),
            ("GET", "/v1/associations", self._list),
            ("PUT", "/v1/associations/{association}", self._put),
            ("DELETE", "/v1/associations/{association}", self._delete),
            ("PUT", "/v1/scp-files/{file}", self._request_file),
            ("GET", "/v1/scp-files/{file}", self._see_file),
            ("GET", "/v1/scp-files/{file}/content", self._fetch_file),
        ):
            app.router.add_route(method, path, self._troubled(handler))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, 0)
        await site.start()
        self.url = f"http://{HOST}:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def add(self, *supplies: Supply) -> None:
        """Add supplies, or replace those of the same points."""
        self._supplies |= {supply.point: supply for supply in supplies}

    def trouble(
        self,
        fault: StubFault,
        operation: str = "",
        *,
        times: int = 1,
        seconds: float = 0.0,
        gate: asyncio.Event | None = None,
    ) -> None:
        """The next calls of an operation (of any) meet this fault. `seconds`: of Retry-After, or how long
        SLOW takes; HELD is carried out once its `gate` opens.
        """
        self._waiting.of[operation] += [Trouble(fault, seconds, gate)] * times

    async def came(self, operation: str, times: int) -> None:
        """Wait until so many calls of an operation have come. Raises TimeoutError where they do not come."""
        async with asyncio.timeout(CAME_SECONDS):
            while self.calls[operation] < times:
                self._came.clear()
                await self._came.wait()

    async def quiet(self) -> None:
        """Wait until no call is being carried out."""
        while self._under_way:
            self._ended.clear()
            await self._ended.wait()

    def answer_next(self, operation: str, body: bytes) -> None:
        """The next call of an operation is answered 200 with this JSON."""
        self._waiting.of[operation].append(Trouble(StubFault.SLOW, answer=body))

    def refuse_next(self, operation: str, code: str, **more: object) -> None:
        """The next call of an operation is refused with this code, and with these members besides."""
        self._waiting.of[operation].append(Trouble(StubFault.SLOW, refusal=Refusal(code, **more)))

    def heal(self) -> None:
        """Troubles that no call has met yet are over."""
        self._waiting = _Waiting()

    def live(self) -> dict[int, str]:
        """The associations that live here, each with its POD."""
        return {number: held.body.pod for number, held in self.held.items() if held.body is not None}

    def _troubled(
        self, handler: Callable[[web.Request], Awaitable[web.Response]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        name = _OPERATIONS[handler.__name__]

        async def answer(request: web.Request) -> web.StreamResponse:
            self.calls[name] += 1
            self._came.set()
            self._under_way += 1
            try:
                return await answer_to(request)
            except Refusal as refusal:
                self.refused[refusal.code] += 1
                raise
            finally:
                self._under_way -= 1
                self._ended.set()

        async def answer_to(request: web.Request) -> web.StreamResponse:
            if request.headers.get("Authorization") != f"Bearer {self.token}":
                raise Refusal("unauthorised")
            trouble = self._waiting.next(name)
            if trouble is None:
                return await handler(request)
            return await spoilt(trouble, request, handler, self._stopping)

        return answer

    async def _look_up(self, request: web.Request) -> web.Response:
        asked = await _body(request, Question)
        pod = Pod(asked.pod, asked.pod)
        if (fault := self._faults.get(pod)) is not None:
            await self._demo_fault(fault)
        found = self._supplies.get(pod.point)
        exchange = pod.point if found is None or found.exchange_point is None else found.exchange_point
        household = [
            supply
            for supply in self._supplies.values()
            if supply.point in (pod.point, exchange) or supply.exchange_point == exchange
        ]
        try:
            answer_from(pod, household)
        except CentralDataError as error:
            raise Refusal("data-unusable") from error
        return web.json_response({"supplies": [_row(supply) for supply in household]})

    async def _demo_fault(self, fault: Fault) -> None:
        match fault.kind:
            case FaultKind.UNAVAILABLE:
                raise Refusal("away")
            case FaultKind.CONTRADICTORY:
                raise Refusal("data-unusable")
            case FaultKind.GENERIC:
                raise Refusal("failed")
            case FaultKind.SLOW:
                await asyncio.sleep(fault.seconds)

    async def _list(self, request: web.Request) -> web.Response:
        after = number_of(request.query.get("after", "0"), 0)
        limit = number_of(request.query.get("limit", str(PAGE)), 1, PAGE_AT_MOST)
        if after is None or limit is None or len(request.query) != len(set(request.query)):
            raise Refusal("malformed")
        left = sorted(number for number, held in self.held.items() if held.body and number > after)
        page = [_standing(number, self.held[number]) for number in left[:limit]]
        return web.json_response({"associations": page, "more": len(left) > limit})

    async def _put(self, request: web.Request) -> web.Response:
        number = _in_path(request, "association")
        body = await _body(request, AssociationBody)
        known = self._known(number, body.revision)
        if known is not None and known.revision == body.revision:
            if known.body != body:
                raise Refusal("outdated", revision=known.revision)
            return web.json_response(_standing(number, known))
        for other, held in self.held.items():
            if other != number and held.body is not None and _collide(held.body, body):
                raise Refusal("taken")
        self.held[number] = Held(body.revision, body)
        self.effects.append((number, "put"))
        return web.json_response(_standing(number, self.held[number]))

    async def _delete(self, request: web.Request) -> web.Response:
        number = _in_path(request, "association")
        revision = number_of(request.query.get("revision", ""), 1)
        if revision is None or list(request.query) != ["revision"]:
            raise Refusal("malformed")
        known = self._known(number, revision)
        if known is not None and known.revision == revision and known.body is not None:
            raise Refusal("outdated", revision=known.revision)
        if known is None or known.revision != revision:
            if known is not None and known.body is not None:
                self.effects.append((number, "delete"))
            self.held[number] = Held(revision, None)
        return web.json_response(_standing(number, self.held[number]))

    def _known(self, number: int, revision: int) -> Held | None:
        known = self.held.get(number)
        if known is not None and known.revision > revision:
            raise Refusal("outdated", revision=known.revision)
        return known

    async def _request_file(self, request: web.Request) -> web.Response:
        number = _in_path(request, "file")
        body = await _body(request, ScpBody)
        if number not in self._files:
            self._files[number] = _File(body, await self._source.make(_wanted(number, body)), self.looks)
        if self._files[number].wanted != body:
            raise Refusal("taken")
        return self._seen(self._files[number])

    async def _see_file(self, request: web.Request) -> web.Response:
        file = self._file(request)
        file.looks = max(0, file.looks - 1)
        return self._seen(file)

    async def _fetch_file(self, request: web.Request) -> web.Response:
        file = self._file(request)
        if file.looks:
            raise Refusal("not-ready")
        return web.Response(body=file.content, content_type="application/octet-stream")

    def _file(self, request: web.Request) -> _File:
        file = self._files.get(_in_path(request, "file"))
        if file is None:
            raise Refusal("unknown")
        return file

    def _seen(self, file: _File) -> web.Response:
        if file.looks:
            return web.json_response({"state": "preparing", "size": None, "sha256": None})
        digest = hashlib.sha256(file.content).hexdigest()
        return web.json_response({"state": "ready", "size": len(file.content), "sha256": digest})


_OPERATIONS = {
    "_look_up": "lookUp",
    "_list": "listAssociations",
    "_put": "putAssociation",
    "_delete": "deleteAssociation",
    "_request_file": "requestScpFile",
    "_see_file": "seeScpFile",
    "_fetch_file": "fetchScpFile",
}


@web.middleware
async def _problems(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Whatever is refused is answered as the contract says."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return _problem(refusal.code, refusal.more)
    except web.HTTPRequestEntityTooLarge:
        return _problem("too-large")
    except web.HTTPMethodNotAllowed as error:
        answer = _problem("method")
        answer.headers["Allow"] = error.headers["Allow"]
        return answer
    except web.HTTPNotFound:
        return _problem("unknown")


def _problem(code: str, more: Mapping[str, object] | None = None) -> web.Response:
    status, title = TITLES[code]
    body = {"title": title, "status": status, "code": code, **(more or {})}
    return web.Response(text=json.dumps(body), status=status, content_type=PROBLEM)


def _in_path(request: web.Request, name: str) -> int:
    number = number_of(request.match_info[name], 1)
    if number is None:
        raise Refusal("malformed")
    return number


async def _body(request: web.Request, kind: type[B]) -> B:
    if request.content_type != "application/json":
        raise Refusal("wrong-type")
    try:
        return kind.model_validate_json(await request.read())
    except ValidationError as error:
        raise Refusal("malformed") from error


def _row(supply: Supply) -> dict[str, Any]:
    return {
        "pod": supply.pod.code,
        "eneltel": supply.eneltel,
        "meter_serial": supply.meter_serial,
        "meter_role": supply.meter_role.value,
        "generation": supply.generation.value,
        "low_voltage": supply.low_voltage,
        "remotely_managed": supply.remotely_managed,
        "reachable": supply.reachable,
        "manufacturer": supply.manufacturer.value,
        "exchange_point": supply.exchange_point,
        "contractual_power_w": supply.contractual_power_w,
        "available_power_w": supply.available_power_w,
        "ceased": supply.ceased,
    }


def _standing(number: int, held: Held) -> dict[str, Any]:
    return {"association": number, "revision": held.revision, "live": held.body is not None}


def _collide(one: AssociationBody, other: AssociationBody) -> bool:
    same_point = one.pod[:POINT_LENGTH] == other.pod[:POINT_LENGTH]
    return same_point or one.device.sid == other.device.sid


def _wanted(number: int, body: ScpBody) -> ScpRequest:
    prosumer = body.production_pod is not None
    return ScpRequest(
        scp_id=number,
        association_id=body.association,
        sid=body.device.sid,
        nid=body.device.nid,
        device_type=DeviceType(body.device.type),
        configuration=Configuration.PROSUMER if prosumer else Configuration.STANDARD,
        pod=body.pod,
        production_pod=body.production_pod,
        sequence=body.sequence,
    )

"""The contract itself, checked by a program that knows neither the stub nor the client: schemathesis, in an
environment of its own, makes calls of all kinds from docs/central-system.yaml, right and wrong ones, and
holds the stub's answers against it.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
import yaml

from sandbox.central import TITLES, StubCentral
from sandbox.central_faults import StubFault

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "docs" / "central-system.yaml"
SCHEMATHESIS = ROOT / ".venv-schemathesis" / "bin" / "schemathesis"
SEED, EXAMPLES = 486, 8


async def checked(stub: StubCentral, folder: Path, *options: str) -> tuple[int, str]:
    """Run it against the stub. Returns its status and what it printed."""
    process = await asyncio.create_subprocess_exec(
        SCHEMATHESIS,
        *("run", CONTRACT, "--url", stub.url, "--header", f"Authorization: Bearer {stub.token}"),
        *("--seed", str(SEED), "--max-examples", str(EXAMPLES), "--no-color"),
        *options,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        printed, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, printed.decode()


async def test_the_stub_answers_every_call_as_the_contract_says(stub: StubCentral, tmp_path: Path) -> None:
    if not SCHEMATHESIS.exists():
        pytest.fail("the environment of schemathesis is missing: `make test` makes it", pytrace=False)
    status, printed = await checked(stub, tmp_path)
    assert status == 0, printed
    assert re.search(r"Operations: +7 selected / 7 total", printed), printed
    assert all(calls >= EXAMPLES for calls in stub.calls.values()), stub.calls
    assert len(stub.calls) == 7


async def test_a_stub_that_breaks_the_contract_is_found_out(stub: StubCentral, tmp_path: Path) -> None:
    stub.trouble(StubFault.WRONG_TYPES, "listAssociations", times=10_000)
    status, printed = await checked(stub, tmp_path, "--include-operation-id", "listAssociations")
    assert status == 1, printed
    assert "GET /v1/associations" in printed


def test_the_contract_names_every_problem_of_the_stub() -> None:
    contract = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    assert set(contract["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]) == set(TITLES)

"""A file system that is really full: a small one of its own, where mounting is allowed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.acceptance.test_full_disk import everything_answered, health, until_told
from tests.acceptance.walks import MOME, PLAIN, associate
from tests.support import Chat, World

SIZE = "24m"
PIECES = (1024 * 1024, 4096, 1)


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """The folder of the world, alone on a small disk."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(disk)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting is not allowed here; test_full_disk.py limits the file instead")
    try:
        yield disk / "world"
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)  # noqa: S607 - what was mounted above


def fill(file: Path) -> None:
    """Fill the disk to the last byte."""
    with file.open("ab", buffering=0) as filler:
        for piece in PIECES:
            with suppress(OSError):
                while filler.write(bytes(piece)) == piece:
                    pass


async def test_a_disk_without_room_is_reported_once_and_everything_is_answered_afterwards(
    world: World, declared: Chat, home: Path
) -> None:
    world.allowed_errors |= {"database.unavailable"}
    answered = len((await declared.screen()).from_bot)
    filler = home.with_name("filler")
    fill(filler)
    assert shutil.disk_usage(home).free == 0
    await until_told(declared, "/stato")
    assert (await health(world))[0] == 503
    for _ in range(3):
        await declared.type("/aiuto")

    filler.unlink()
    await everything_answered(world, declared, answered)
    await associate(declared, PLAIN, device="MOME", codes=MOME)

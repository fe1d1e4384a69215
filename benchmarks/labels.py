"""Photos of labels: how many are read, how long that takes, and that nothing is read that does not stand
there. The photos are drawn by code and decided by seeds (`sandbox/labels.py`).
"""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from backend.devices.codes import SID_PATTERN
from backend.labels.reading import read
from benchmarks.figures import Figure, below
from bot.labels.feature import SECONDS
from sandbox.labels import Printed, Symbol, Trouble, label, made_up_codes, photographed

PHOTOS = 25
"""Of each trouble, of each kind of symbol, of each hardness."""
HARDNESSES = (1.0, 1.5, 2.0)
AT_LEAST = 0.95
"""Of the photos with as much trouble as happens on site."""
FOREIGN = "LOT {number:08d}"


@dataclass(frozen=True)
class Taken:
    """What came of a photo: a code of the label was read, both were, or something that is not on it."""

    trouble: Trouble
    symbol: Symbol
    hardness: float
    seconds: float
    one: bool
    both: bool
    false: bool


def take(trouble: Trouble, symbol: Symbol, hardness: float, seed: int) -> Taken:
    """Draw a photo and read it."""
    sid, nid = made_up_codes(seed * 7 + len(trouble.value))
    printed = [Printed(sid, symbol), Printed(nid, symbol), Printed(FOREIGN.format(number=seed), symbol)]
    content = photographed(label(printed), trouble, seed, hardness)
    began = time.perf_counter()
    found = read(content, SID_PATTERN, SECONDS)
    took = time.perf_counter() - began
    right = [sid in found["sids"], nid in found["nids"]]
    false = {*found["sids"], *found["nids"]} - {sid, nid}
    return Taken(trouble, symbol, hardness, took, any(right), all(right), bool(false))


def figures() -> list[Figure]:
    """Read them all."""
    wanted = [
        (trouble, symbol, hardness, seed)
        for hardness in HARDNESSES
        for trouble in Trouble
        for symbol in Symbol
        for seed in range(PHOTOS)
    ]
    with ProcessPoolExecutor() as pool:
        taken = list(pool.map(take, *zip(*wanted, strict=True), chunksize=20))
    made = [
        Figure(
            f"labels: {sum(each.both for each in taken)} of {len(taken)} photos with both codes read",
            sum(each.both for each in taken) / len(taken),
            "of 1",
        )
    ]
    for hardness in HARDNESSES:
        of = [each for each in taken if each.hardness == hardness]
        rate = sum(each.one for each in of) / len(of)
        name = f"labels: photos read, trouble times {hardness:g}"
        if hardness == 1.0:
            made.append(Figure(name, rate, "of 1", goal=f"at least {AT_LEAST}", met=rate >= AT_LEAST))
        else:
            made.append(Figure(name, rate, "of 1"))
    read_of = Counter(each.trouble for each in taken if each.one)
    number = len(taken) // len(Trouble)
    made += [Figure(f"labels: read, {each.value}", read_of[each] / number, "of 1") for each in Trouble]
    seconds = sorted(each.seconds for each in taken)
    made += [
        below("labels: false reads", sum(each.false for each in taken), "photos", 1),
        Figure("labels: reading, median", seconds[len(seconds) // 2] * 1000, "ms"),
        Figure("labels: reading, p95", seconds[len(seconds) * 95 // 100] * 1000, "ms"),
    ]
    return made

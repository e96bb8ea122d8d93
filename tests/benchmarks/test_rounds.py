"""The benchmark of rounds itself, in small: everything is measured, and what is missed is said."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from itertools import chain

import pytest

from tests.benchmarks.rounds import TARGETS, judge
from tests.benchmarks.turns import ROOT, Record, surroundings

SMALL = ("--clients", "60", "--limited", "60", "--visitors", "3", "--crowds", "150,450", "--repeat", "1", "--no-pin")


async def measure(*parts: str) -> list[Record]:
    """The runs of these parts, by the command."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.rounds", "--json", "--parts", ",".join(parts), *SMALL),
        cwd=ROOT,
        env=surroundings(),
        stdout=PIPE,
        stderr=PIPE,
    )
    printed, written = await asyncio.wait_for(process.communicate(), 120)
    document = json.loads(printed)
    assert document["failures"] == [], written.decode()
    # How quick a machine is that does other things as well is not for a test to say; but it is said.
    verdicts = {(target["part"], target["figure"]): target["met"] for target in document["targets"]}
    assert set(verdicts) == {(target.part, target.figure) for target in TARGETS if target.part in parts}
    assert process.returncode == int(not all(verdicts.values()))
    return list(document["runs"])


async def test_each_part_is_measured_to_its_end() -> None:
    """Side by side: each of them waits more than it works."""
    measured = await asyncio.gather(measure("speed", "crowd"), measure("limit"), measure("busy"))
    runs = {run["part"]: run for run in chain(*measured)}
    assert [crowd["gathered"] for crowd in runs["crowd"]["crowds"]] == [150, 450]
    for part in ("speed", "limit", "busy"):
        assert (runs[part]["clients"], runs[part]["asked_more_than_once"]) == (60, 0)
    assert runs["limit"]["refused"] == 0
    assert runs["limit"]["busiest_second"] <= 30
    assert runs["limit"]["alerts"] > 0
    assert runs["limit"]["unanswered"] == 0


@pytest.mark.parametrize(("refused", "used", "met"), [(0, 0.97, [True, True]), (1, 0.94, [False, False])])
def test_a_target_is_met_or_missed(refused: int, used: float, met: list[bool]) -> None:
    figures = {target.figure: 0 for target in TARGETS}
    verdicts = judge([{"part": "limit", **figures, "refused": refused, "limit_used": used}])
    judged = {verdict["figure"]: verdict["met"] for verdict in verdicts}
    assert [judged["refused"], judged["limit_used"]] == met

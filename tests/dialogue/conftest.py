"""A programme for each test, with nobody in it yet."""

from __future__ import annotations

import pytest

from tests.dialogue.checking import come_in
from tests.dialogue.stories import join
from tests.player import Phone, Stage


@pytest.fixture(params=[True, False], ids=["restarted", "running"])
def stage(request: pytest.FixtureRequest) -> Stage:
    """An empty programme, on a Monday morning within the answering hours. Every test is played twice: with a process
    that is started anew for every turn, and with one that goes on running."""
    return Stage(restarts=request.param)


@pytest.fixture
def worker(stage: Stage) -> Phone:
    """The caseworker of whoever is enrolled after."""
    return join(stage, name="Aye")


@pytest.fixture
def client(worker: Phone, stage: Stage) -> Phone:
    """A client who agreed to everything, an hour later."""
    return come_in(stage)

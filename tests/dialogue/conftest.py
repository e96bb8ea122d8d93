"""A programme for each test, with nobody in it yet."""

from __future__ import annotations

import pytest

from tests.player import Stage


@pytest.fixture(params=[True, False], ids=["restarted", "running"])
def stage(request: pytest.FixtureRequest) -> Stage:
    """An empty programme, on a Monday morning within the answering hours. Every test is played twice: with a process
    that is started anew for every turn, and with one that goes on running."""
    return Stage(restarts=request.param)

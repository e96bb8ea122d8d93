"""A programme for each test, with nobody in it yet."""

from __future__ import annotations

import pytest

from tests.player import Stage


@pytest.fixture
def stage() -> Stage:
    """An empty programme, on a Monday morning within the answering hours."""
    return Stage()

"""Several processes share the tests."""

from __future__ import annotations

import os
from random import randrange

import pytest


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Each of them collects for itself and must find the same: so sets have one order in all of them, another in each
    run."""
    os.environ.setdefault("PYTHONHASHSEED", str(randrange(2**32)))

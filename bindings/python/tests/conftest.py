from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

import linecard
from house import House, furnish
from reached import Reached

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def house() -> Iterator[House]:
    """In memory: what is tested through Python is the same on every store."""
    directory, _ = linecard.Directory.create(memory=True)
    made = furnish(directory)
    yield made
    made.close()


@pytest.fixture
def reached() -> Iterator[Reached]:
    made = Reached()
    yield made
    made.house.close()


@pytest.fixture
def headers() -> str:
    return "".join((REPOSITORY / "capi" / name).read_text() for name in ("linecard.h", "linecard_adapters.h", "linecard_lines.h"))


@pytest.fixture
def data() -> Path:
    return REPOSITORY / "examples" / "data"

"""The edge that these tests ask: one real Envoy for the whole module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.edge import Edge, running_edge


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    """Envoy before seven small services."""
    with running_edge(Path(tmp_path_factory.mktemp("edge"))) as running:
        yield running

"""What operators reach of the edge: readiness and metrics, nothing that could stop it; and how it leaves."""

from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.support.edge import Edge, running_edge

pytestmark = pytest.mark.contract


def _status(port: int, path: str, method: str = "GET") -> int:
    try:
        with urlopen(Request(f"http://127.0.0.1:{port}{path}", method=method), timeout=5) as answer:
            return int(answer.status)
    except HTTPError as refusal:
        return refusal.code


def test_readiness_and_metrics_are_open_and_nothing_else(edge: Edge) -> None:
    assert _status(edge.metrics_port, "/ready") == 200
    assert _status(edge.metrics_port, "/stats/prometheus") == 200
    for path in ("/", "/quitquitquit", "/config_dump", "/stats", "/stats/prometheus/../quitquitquit", "/ready/"):
        assert _status(edge.metrics_port, path) == 404
    assert _status(edge.metrics_port, "/healthcheck/fail", "POST") == 404
    assert _status(edge.metrics_port, "/ready") == 200


@pytest.mark.parametrize("path", ["/ready", "/stats/prometheus", "/config_dump", "/quitquitquit"])
def test_none_of_it_is_on_the_public_port(edge: Edge, path: str) -> None:
    assert edge.get(path).status == 404


def test_an_edge_that_leaves_says_so_and_still_answers(tmp_path: Path) -> None:
    with running_edge(tmp_path) as leaving:
        assert _status(leaving.admin_port, "/healthcheck/fail", "POST") == 200
        assert _status(leaving.metrics_port, "/ready") == 503
        answer = leaving.get("/v1/deals")
        assert (answer.status, answer.headers["connection"]) == (200, "close")

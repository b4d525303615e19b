"""The gateway's application: the document in the face of absent services, the pages, the refusals."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.sources import KEPT_SECONDS, RETRY_SECONDS, Sources
from shared.config import Settings

pytestmark = pytest.mark.unit

URLS = {"leads": "http://leads", "pipeline": "http://pipeline"}


class Services:
    """The services' documents, some of them absent, and how often each was asked for."""

    def __init__(self) -> None:
        self.absent: set[str] = set()
        self.asked: list[str] = []

    def fetch(self, url: str) -> dict[str, Any]:
        """Answer as the network would."""
        self.asked.append(url)
        if url in self.absent:
            raise ValueError(503)
        path = "/v1/leads" if "leads" in url else "/v1/deals"
        return {"paths": {path: {"get": {"operationId": path}}}, "components": {}}


@pytest.fixture
def services() -> Services:
    """All services are there."""
    return Services()


@pytest.fixture
def client(services: Services) -> FlaskClient:
    """A browser before the application."""
    return create_app(Settings(service="gateway", service_urls=URLS), fetch=services.fetch).test_client()


def test_the_document_holds_every_service_and_asks_each_once(client: FlaskClient, services: Services) -> None:
    first = client.get("/openapi.json")
    client.get("/openapi.json")
    assert sorted(first.json["paths"]) == ["/v1/deals", "/v1/leads"]
    assert first.json["x-unavailable"] == []
    assert first.headers["Cache-Control"] == "public, max-age=30"
    assert sorted(services.asked) == ["http://leads/openapi.json", "http://pipeline/openapi.json"]


def test_the_document_names_a_service_that_is_missing(client: FlaskClient, services: Services) -> None:
    services.absent.add("http://leads/openapi.json")
    answer = client.get("/openapi.json")
    assert (list(answer.json["paths"]), answer.json["x-unavailable"]) == (["/v1/deals"], ["leads"])
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_missing_service_is_asked_again_soon_and_a_known_one_is_kept(services: Services) -> None:
    now = [0.0]
    sources = Sources(URLS, services.fetch, clock=lambda: now[0])
    services.absent.add("http://leads/openapi.json")
    assert list(sources.documents()) == ["pipeline"]
    services.absent = set()
    now[0] += RETRY_SECONDS
    assert list(sources.documents()) == ["leads", "pipeline"]
    services.absent = {"http://leads/openapi.json"}
    now[0] += KEPT_SECONDS
    assert list(sources.documents()) == ["leads", "pipeline"]
    assert sources.missing == []
    assert len(services.asked) == 6


@pytest.mark.parametrize(
    ("accept", "query", "language"),
    [
        (None, "", "en"),
        ("zh", "", "zh-CN"),
        ("zh-CN,en;q=0.5", "", "zh-CN"),
        ("fr", "", "en"),
        ("zh", "?lang=en", "en"),
    ],
)
def test_the_first_page_speaks_the_visitors_language(
    client: FlaskClient, accept: str | None, query: str, language: str
) -> None:
    answer = client.get(f"/{query}", headers={"Accept-Language": accept} if accept else {})
    assert f'<html lang="{language}">' in answer.text
    assert ("公海" in answer.text) == (language == "zh-CN")
    assert answer.headers["Vary"] == "Accept-Language"


def test_the_docs_page_needs_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/docs")
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "default-src 'none'; script-src 'self'" in page.headers["Content-Security-Policy"]
    for name in ("swagger-ui.css", "swagger-ui-bundle.js", "docs.js", "favicon-32x32.png"):
        assert f"/docs/assets/{name}" in page.text
        assert client.get(f"/docs/assets/{name}").status_code == 200


def test_only_the_files_of_the_docs_page_are_served(client: FlaskClient) -> None:
    for name in ("index.html", "..%2fapp.py", "swagger-ui.js.map"):
        assert client.get(f"/docs/assets/{name}").status_code == 404


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_is_well_whoever_is_missing(client: FlaskClient, services: Services, path: str) -> None:
    services.absent = {f"{url}/openapi.json" for url in URLS.values()}
    assert (client.get(path).status_code, client.get(path).json) == (200, {"status": "ok"})
    assert services.asked == []


def test_says_what_it_is(client: FlaskClient) -> None:
    assert client.get("/version").json["service"] == "gateway"


def test_refuses_in_the_shape_of_the_api(client: FlaskClient) -> None:
    answer = client.get("/nothing", headers={"X-Request-Id": "req_mine", "Accept-Language": "zh-CN"})
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert (answer.json["code"], answer.json["request_id"]) == ("route-not-found", "req_mine")
    assert answer.json["title"] == "地址不存在"
    assert answer.headers["X-Request-Id"] == "req_mine"

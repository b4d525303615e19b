"""Every refusal has a text in both languages, and no text is left over from one that is gone."""

from __future__ import annotations

import importlib
import pkgutil
import string
from pathlib import Path

import pytest

import services
import shared
from shared.errors import DomainError
from shared.http.texts import TEXTS as SHARED_TEXTS
from tests.support.platform import SERVICES

pytestmark = pytest.mark.architecture

ROOT = Path(services.__path__[0]).parent


def all_errors() -> list[type[DomainError]]:
    for package in (shared, services):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith((".worker", ".__main__")):
                importlib.import_module(module.name)
    found, waiting = [], [DomainError]
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        found.append(cls)
    ours = [cls for cls in found if cls.__module__.startswith(("shared.", "services."))]
    return [cls for cls in ours if "code" in cls.__dict__ and cls is not DomainError]


def texts_for(cls: type[DomainError]) -> dict[str, dict[str, tuple[str, str]]]:
    parts = cls.__module__.split(".")
    if parts[0] != "services":
        return SHARED_TEXTS
    return {**SHARED_TEXTS, **importlib.import_module(f"services.{parts[1]}.texts").TEXTS}


@pytest.mark.parametrize("cls", all_errors(), ids=lambda cls: cls.code)
def test_a_refusal_says_what_happened_in_both_languages(cls: type[DomainError]) -> None:
    texts = texts_for(cls)[cls.code]

    assert set(texts) == {"en", "zh-CN"}
    for title, detail in texts.values():
        assert title and detail
    named = [{field for _, field, _, _ in string.Formatter().parse(detail) if field} for _, detail in texts.values()]
    assert named[0] == named[1], "both languages name the same parameters"


@pytest.mark.parametrize("service", SERVICES)
def test_no_text_is_left_over(service: str) -> None:
    texts = importlib.import_module(f"services.{service}.texts").TEXTS
    codes = {cls.code for cls in all_errors() if cls.__module__.startswith(f"services.{service}.")}

    # Faults of a field have no class of their own: their code stands in the source that raises them.
    sources = [path.read_text() for path in (ROOT / "services" / service).rglob("*.py") if path.name != "texts.py"]
    assert {code for code in texts if code not in codes and not any(f'"{code}"' in text for text in sources)} == set()

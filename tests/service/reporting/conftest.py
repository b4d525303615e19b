"""A company whose news the tests tell."""

from __future__ import annotations

import pytest

from tests.support.company import Company
from tests.support.news import News


@pytest.fixture
def news(acme: Company) -> News:
    """What happens at acme."""
    return News(acme)

"""A company that has signed up."""

from __future__ import annotations

import pytest

from tests.service.tenants.office import Office
from tests.support.platform import Platform


@pytest.fixture
def office(platform: Platform) -> Office:
    """A company with its admin and root unit."""
    return Office.opened(platform)


@pytest.fixture
def rival(platform: Platform) -> Office:
    """Another one."""
    return Office.opened(platform, name="Rival Ltd")

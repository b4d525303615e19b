"""Which accounts of a batch have a place in the tree, against a slow model of the same rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.accounts.domain.family import Member, rooted

pytestmark = pytest.mark.unit

names = st.sampled_from(["a", "b", "c", "d", "e"])


@given(
    families=st.lists(st.tuples(st.none() | names, st.none() | names), max_size=12),
    known=st.sets(names, max_size=2),
)
def test_it_agrees_with_asking_again_until_nothing_moves(families, known):
    members = [Member(index, own, parent) for index, (own, parent) in enumerate(families)]
    placed: set[int] = set()
    while True:
        reachable = known | {member.external_id for member in members if member.index in placed}
        more = {member.index for member in members if member.parent is None or member.parent in reachable}
        if more == placed:
            break
        placed = more

    assert rooted(members, known) == placed


def test_a_long_line_is_walked_in_one_go():
    line = [Member(index, f"{index}", f"{index + 1}") for index in range(500)]

    assert rooted(line, {"500"}) == set(range(500))
    assert rooted(line, set()) == set()

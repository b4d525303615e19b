"""The rules of a lead's life, walked at random: an open lead is in exactly one pool or has exactly one owner."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.leads.domain.errors import (
    AlreadyClaimed,
    AlreadyInPool,
    LeadClosed,
    LeadHeld,
    LeadNotOwned,
    LeadNotPooled,
    NotAPoolMember,
    PoolDisabled,
)
from services.leads.domain.follow_up import FollowUp, FollowUpKind
from services.leads.domain.lead import Lead, LeadState, Owner, Person
from services.leads.domain.pool import Pool
from shared.errors import Conflict, Forbidden

pytestmark = pytest.mark.unit

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FANG, LEI = Owner("usr_fang", "unit_north"), Owner("usr_lei", "unit_south")
NORTH = Pool(id="pool_north", tenant_id="ten_acme", name="North")
SOUTH = Pool(id="pool_south", tenant_id="ten_acme", name="South", members=[LEI.id])
CLOSED_POOL = Pool(id="pool_closed", tenant_id="ten_acme", name="Closed", enabled=False)
POOLS = {pool.id: pool for pool in (NORTH, SOUTH, CLOSED_POOL)}


def a_lead(pool=None, **fields):
    lead = Lead(id="lead_1", tenant_id="ten_acme", company_name="Nordic Wind Power", **fields)
    lead.enter(FANG, pool, at=AT)
    return lead


def a_follow_up(happened_at=AT, **fields):
    defaults = {"kind": FollowUpKind.CALL, "text": "…", "created_at": AT, "created_by": FANG.id}
    return FollowUp(
        id="fup_1", tenant_id="ten_acme", lead_id="lead_1", happened_at=happened_at, **{**defaults, **fields}
    )


def converted(lead):
    return lead.convert(account_id="acc_1", contact_id=None, deal_id=None, account=None, contact=None, deal=None, at=AT)


VERBS = {
    "put in": lambda lead, pool, owner: lead.put_in(pool, at=AT),
    "claim": lambda lead, pool, owner: lead.claim(POOLS[lead.pool_id or NORTH.id], owner, holding_id="hold_1", at=AT),
    "assign": lambda lead, pool, owner: lead.assign(owner, holding_id="hold_1"),
    "give back": lambda lead, pool, owner: lead.give_back(pool, reason="…", at=AT),
    "follow up": lambda lead, pool, owner: lead.follow_up(a_follow_up()),
    "change": lambda lead, pool, owner: lead.change({"source": owner.id}),
    "disqualify": lambda lead, pool, owner: lead.disqualify(reason="…", at=AT),
    "convert": lambda lead, pool, owner: converted(lead),
}
steps = st.lists(
    st.tuples(
        st.sampled_from(
            [verb for verb in VERBS if verb not in ("disqualify", "convert")] * 3 + ["disqualify", "convert"]
        ),
        st.sampled_from(list(POOLS.values())),
        st.sampled_from([FANG, LEI]),
    ),
    max_size=25,
)


def places(lead):
    return [place for place in (lead.pool_id, lead.owner_id) if place is not None]


@given(start=st.sampled_from([None, NORTH, SOUTH]), walk=steps)
def test_on_every_walk_an_open_lead_is_in_one_pool_or_with_one_owner(start, walk):
    lead = a_lead(start)
    for verb, pool, owner in walk:
        before = lead.snapshot()
        try:
            event = VERBS[verb](lead, pool, owner)
        except (Conflict, Forbidden):
            assert lead.snapshot() == before  # a refusal changes nothing
            continue
        if not lead.closed:
            assert len(places(lead)) == 1
            assert (lead.state is LeadState.POOLED) == (lead.pool_id is not None)
        if event is not None:
            assert event.lead == lead.snapshot()
            assert lead.version == before.version - 1  # only saving makes a version


@given(walk=steps, verb=st.sampled_from(sorted(VERBS)), end=st.sampled_from(["disqualify", "convert"]))
def test_nothing_reopens_a_closed_lead(walk, verb, end):
    lead = a_lead()
    VERBS[end](lead, NORTH, FANG)
    closed = lead.snapshot()
    for step, pool, owner in [*walk, (verb, NORTH, LEI)]:
        with pytest.raises(LeadClosed):
            VERBS[step](lead, pool, owner)
    assert lead.snapshot() == closed


@given(days=st.lists(st.integers(-400, 0), min_size=1))
def test_the_last_follow_up_is_the_latest_whatever_the_order_of_logging(days):
    lead = a_lead()
    for day in days:
        lead.follow_up(a_follow_up(AT + timedelta(days=day)))
    assert lead.last_follow_up_at == AT + timedelta(days=max(days))


def test_every_move_tells_from_where_to_where():
    event = a_lead(NORTH).claim(NORTH, FANG, holding_id="hold_1", at=AT)

    assert event.changes == {
        "state": {"from": "pooled", "to": "held"},
        "pool_id": {"from": "pool_north", "to": None},
        "owner_id": {"from": None, "to": "usr_fang"},
        "owner_unit_id": {"from": None, "to": "unit_north"},
    }


@pytest.mark.parametrize(
    ("lead", "act", "refusal"),
    [
        (a_lead(), lambda lead: lead.claim(NORTH, LEI, holding_id="h", at=AT), LeadNotPooled),
        (a_lead(SOUTH), lambda lead: lead.claim(SOUTH, FANG, holding_id="h", at=AT), NotAPoolMember),
        (a_lead(NORTH), lambda lead: lead.put_in(NORTH, at=AT), AlreadyInPool),
        (a_lead(NORTH), lambda lead: lead.put_in(CLOSED_POOL, at=AT), PoolDisabled),
        (a_lead(NORTH), lambda lead: lead.give_back(SOUTH, reason="…", at=AT), LeadNotOwned),
        (a_lead(NORTH), lambda lead: lead.follow_up(a_follow_up()), LeadNotOwned),
        (a_lead(NORTH), converted, LeadNotOwned),
    ],
)
def test_each_refusal_has_its_name(lead, act, refusal):
    with pytest.raises(refusal):
        act(lead)


def test_a_held_lead_is_neither_claimed_nor_assigned_nor_pooled():
    lead = a_lead(NORTH)
    lead.claim(NORTH, FANG, holding_id="hold_1", at=AT)

    with pytest.raises(AlreadyClaimed):
        lead.claim(NORTH, LEI, holding_id="hold_2", at=AT)
    with pytest.raises(LeadHeld):
        lead.assign(LEI, holding_id="hold_2")
    with pytest.raises(LeadHeld):
        lead.put_in(SOUTH, at=AT)


def test_a_change_of_personal_fields_is_told_without_them():
    event = a_lead().change({"person": Person(name="Liu Yang"), "notes": "call Liu", "source": "fair"})

    assert event is not None
    assert event.changes == {
        "person": {"redacted": True},
        "notes": {"redacted": True},
        "source": {"from": None, "to": "fair"},
    }

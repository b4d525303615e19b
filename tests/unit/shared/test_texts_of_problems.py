"""Texts: the caller's language, the parameters filled in, and never an answer broken by a text."""

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from shared.errors import FieldError
from shared.http.problems import Catalogue, language_of

pytestmark = pytest.mark.unit

CATALOGUE = Catalogue(
    {
        "already-claimed": {"en": ("Claimed", "By {owner}."), "zh-CN": ("已被认领", "认领人：{owner}。")},
        "too-early": {"en": "Not before {first}.", "zh-CN": "不早于 {first}。"},
        "english-only": {"en": ("Title", "")},
    }
)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("*", "en"),
        ("fr", "en"),
        ("zh", "zh-CN"),
        ("zh-TW, en;q=0.5", "zh-CN"),
        ("fr, zh-Hans-CN;q=0.9, en;q=0.8", "zh-CN"),
        ("en-GB, zh", "en"),
        ("zh;q=0.1, en;q=0.2", "en"),
        (";;;q=x", "en"),
    ],
)
def test_the_language_is_the_callers_best_of_ours(header, language):
    headers = {} if header is None else {"Accept-Language": header}
    assert language_of(Request(EnvironBuilder(headers=headers).get_environ())) == language


def test_a_services_problem_is_told_with_its_parameters():
    assert CATALOGUE.problem("already-claimed", "zh-CN", {"owner": "usr_1"}) == ("已被认领", "认领人：usr_1。")
    assert CATALOGUE.problem("english-only", "zh-CN", {}) == ("Title", "")


def test_a_missing_parameter_or_text_leaves_a_gap_not_a_failure():
    assert CATALOGUE.problem("already-claimed", "en", {}) == ("Claimed", "By .")
    assert CATALOGUE.problem("never-written", "en", {}) == ("Never written.", "")


def test_a_fault_is_told_by_its_own_sentence_or_by_its_problems_detail():
    def message(code, language, **params):
        return CATALOGUE.field(FieldError("/x", code, params), language)["message"]

    assert message("too-early", "zh-CN", first="2026") == "不早于 2026。"
    assert message("already-claimed", "en", owner="usr_1") == "By usr_1."
    assert message("english-only", "en") == "Title"
    assert message("not-one-of", "en", choices=["a", "b"]) == "Expected one of: a, b."

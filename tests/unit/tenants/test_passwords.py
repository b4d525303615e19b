"""Passwords are judged by length and guessability, never by composition."""

from __future__ import annotations

import pytest

from services.tenants.commands import passwords
from services.tenants.domain.password import normal, refuse_weak
from shared.errors import Invalid

pytestmark = pytest.mark.unit
KNOWN = ["Acme Marine", "acme", "ada.sterling@acme.example", "Ada Sterling"]


def fault(password: str) -> str | None:
    try:
        refuse_weak(password, known_words=KNOWN, pointer="/password")
    except Invalid as refusal:
        return refusal.errors[0].code if refusal.errors[0].pointer == "/password" else "elsewhere"
    return None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("lighthouse-at-dawn", None),
        ("twelve chars", None),
        ("open-sea-4-acme-x", None),
        ("公海里的一只小船在等风来", None),
        ("x" * 5 + "abcdefg" * 17, None),
        ("eleven char", "password-too-short"),
        ("", "password-too-short"),
        ("lighthouse-" * 12, "password-too-long"),
        ("password1234", "password-common"),
        ("PassWord1234", "password-common"),
        ("aaaaaaaaaaaaaaaa", "password-common"),
        ("121212121212", "password-common"),
        ("AcmeMarine2026", "password-guessable"),
        ("ada.sterling@acme.example", "password-guessable"),
        ("sterling-acme", "password-guessable"),
    ],
)
def test_what_is_accepted_and_why_not(password: str, code: str | None) -> None:
    assert fault(password) == code


def test_the_same_password_from_another_keyboard_is_the_same() -> None:
    assert normal("ﬁsh-and-ﬂour-12") == "fish-and-flour-12"
    assert passwords.matches(passwords.hashed("ﬁsh-and-ﬂour-12"), "fish-and-flour-12")


def test_a_hash_matches_its_password_only() -> None:
    stored = passwords.hashed("lighthouse-at-dawn")

    assert passwords.matches(stored, "lighthouse-at-dawn")
    assert not passwords.matches(stored, "lighthouse-at-dusk")
    assert not passwords.matches("no hash at all", "lighthouse-at-dawn")
    assert not passwords.matches(None, "lighthouse-at-dawn")


def test_a_hash_of_older_parameters_is_outdated() -> None:
    assert not passwords.outdated(passwords.hashed("lighthouse-at-dawn"))
    assert passwords.outdated("$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$6OLQbJQEWm8Zd1rVZ8XbGA")

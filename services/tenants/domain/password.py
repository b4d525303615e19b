"""Which passwords we accept: length over composition, and nothing an attacker tries first (NIST SP 800-63B-4)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from shared.errors import FieldError, Invalid

SHORTEST = 12
LONGEST = 128
FRESH = 8
"""Characters that must remain once the words anybody could guess (company, slug, address, name) are taken out."""

COMMON = frozenset(
    "123456789012 1234567890123 12345678901234 123456789123 123123123123 012345678901 0123456789ab 1234567890ab "
    "1234567890qwerty 123456789abc abcd12345678 abcdef123456 abcdefghijkl abcdefghijklm password1234 password12345 "
    "password123456 passwordpassword mypassword123 password!234 p@ssw0rd1234 passw0rd1234 administrator admin1234567 "
    "adminadminadmin admin12345678 changeme1234 changemechangeme qwertyuiop12 qwertyuiop123 qwertyuiopasdf "
    "qwerty123456 qwertyqwerty qwerty1234567 qwertyuiop[] 1q2w3e4r5t6y 1q2w3e4r5t6y7u q1w2e3r4t5y6 1qaz2wsx3edc "
    "1qaz2wsx3edc4rfv zaq12wsxcde3 iloveyou1234 iloveyouforever letmein12345 letmeinletmein welcome12345 "
    "welcomewelcome football1234 baseball1234 superman1234 sunshine1234 princess1234 dragon123456 monkey123456 "
    "woaini1314520 woaini123456 5201314520131 a123456789012 asdfghjkl123 asdfghjkl1234 zxcvbnm12345 "
    "unbelievable trustno11234 correcthorsebatterystaple".split()
)


def refuse_weak(password: str, *, known_words: Iterable[str], pointer: str) -> None:
    """Refuse a password that is short, endless, or guessable from what everybody knows about its owner."""
    fault = _fault(normal(password), known_words)
    if fault is not None:
        code, params = fault
        raise Invalid(errors=[FieldError(pointer, code, params)])


def normal(password: str) -> str:
    """One form for what keyboards and systems write differently (NFKC), for setting and for checking."""
    return unicodedata.normalize("NFKC", password)


def _fault(password: str, known_words: Iterable[str]) -> tuple[str, dict[str, int]] | None:
    if len(password) < SHORTEST:
        return "password-too-short", {"min": SHORTEST}
    if len(password) > LONGEST:
        return "password-too-long", {"max": LONGEST}
    if password.lower() in COMMON or len(set(password.lower())) < 5:
        return "password-common", {}
    if len(_without(password.lower(), known_words)) < FRESH:
        return "password-guessable", {"fresh": FRESH}
    return None


def _without(password: str, known_words: Iterable[str]) -> str:
    words = {part for word in known_words for part in (word.lower(), *word.lower().replace("@", " ").split())}
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= 3:
            password = password.replace(word, "")
    return password

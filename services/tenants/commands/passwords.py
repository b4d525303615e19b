"""Hashing passwords with argon2id, and checking them in the same time whether there is a hash or not.

Parameters: OWASP's first choice, 19 MiB, 2 passes, 1 lane: about 20 ms on one of two cores. A server with eight
request threads then needs 152 MiB at worst, and eight log-ins at once still leave the second core to everybody
else. argon2 releases the interpreter while it works. Raising them needs no migration: a hash made with other
parameters is replaced when its owner next logs in.
"""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.tenants.domain.password import normal

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODYS = _HASHER.hash(secrets.token_urlsafe(24))


def hashed(password: str) -> str:
    """The form in which a password is stored."""
    return _HASHER.hash(normal(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; without a hash the work is done all the same, and the answer is no."""
    try:
        _HASHER.verify(password_hash or _NOBODYS, normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def outdated(password_hash: str) -> bool:
    """Whether it was made with other parameters than those in use."""
    return _HASHER.check_needs_rehash(password_hash)

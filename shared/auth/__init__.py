"""Who is calling and what they may reach: principals, roles, scopes and tokens."""

from shared.auth.principal import SYSTEM, Principal
from shared.auth.scopes import EVERYTHING, Scope

__all__ = ["EVERYTHING", "SYSTEM", "Principal", "Scope"]

"""What can be changed: tenants, units, users and sessions. Every command reads, asks the domain and saves."""

from services.tenants.commands.sessions import Tokens, log_in, log_out, refresh, tenant_in
from services.tenants.commands.tenants import sign_up
from services.tenants.commands.units import create_unit, import_units, update_unit
from services.tenants.commands.users import create_user, import_users, update_user

__all__ = [
    "Tokens",
    "create_unit",
    "create_user",
    "import_units",
    "import_users",
    "log_in",
    "log_out",
    "refresh",
    "sign_up",
    "tenant_in",
    "update_unit",
    "update_user",
]

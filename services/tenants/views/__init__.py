"""The HTTP face of the service; each route declares, calls and returns."""

from services.tenants.views.sessions import routes as sessions
from services.tenants.views.tenants import routes as tenants
from services.tenants.views.units import routes as units
from services.tenants.views.users import routes as users

BLUEPRINTS = [tenants, sessions, users, units]

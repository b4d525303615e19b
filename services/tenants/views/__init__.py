"""The HTTP surface of tenants: each route declares what it takes and gives, and makes one call."""

from services.tenants.views import sessions, tenants, units, users

ROUTES = [tenants.routes, sessions.routes, users.routes, units.routes]

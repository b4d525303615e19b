"""The HTTP surface of leads."""

from services.leads.views import follow_ups, leads, ownership, pools

ROUTES = [leads.routes, ownership.routes, follow_ups.routes, pools.routes]

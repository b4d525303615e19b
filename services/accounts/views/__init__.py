"""The HTTP surface of accounts."""

from services.accounts.views import accounts, contacts

ROUTES = [accounts.routes, contacts.routes]

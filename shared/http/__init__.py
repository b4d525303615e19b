"""The HTTP edge: declare routes, call commands, answer; everything else is taken care of here."""

from shared.http.answers import answer, batch_answer, page_out, record_out, row_out
from shared.http.app import create_service_app
from shared.http.context import database, edge, if_match, limit_account, principal, store
from shared.http.listing import Filter, Listing
from shared.http.routes import BATCH_SECONDS, PUBLIC, SIGNED_IN, Routes
from shared.pagination import ListQuery, Page

__all__ = [
    "BATCH_SECONDS",
    "PUBLIC",
    "SIGNED_IN",
    "Filter",
    "ListQuery",
    "Listing",
    "Page",
    "Routes",
    "answer",
    "batch_answer",
    "create_service_app",
    "database",
    "edge",
    "if_match",
    "limit_account",
    "page_out",
    "principal",
    "record_out",
    "row_out",
    "store",
]

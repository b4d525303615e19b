"""The organisation tree."""

from __future__ import annotations

from typing import Any

from services.tenants import commands, queries
from services.tenants.schemas import UNITS, ChangeUnit, ImportedUnit, NewUnit, UnitOut
from services.tenants.views.shown import unit_out
from shared.http import BATCH_SECONDS, Routes, answer, batch_answer, if_match, page_out, store
from shared.http.fields import BatchOut, batch_of
from shared.http.validation import validate_items

routes = Routes("units", "The organisation tree: regions, departments and teams.")


@routes.post("/v1/units", permission="unit.create", accepts=NewUnit, returns=UnitOut, status=201)
def create_unit(body: dict[str, Any]) -> Any:
    """Add a unit below its parent, or below the root."""
    unit = commands.create_unit(store(), body)
    return answer(unit_out(unit), version=unit.version, location=f"/v1/units/{unit.id}")


@routes.get("/v1/units", permission="unit.read", returns=UnitOut, listing=UNITS)
def list_units(query: Any) -> Any:
    """List units; `filter[path]=<unit>` gives a unit with everything below it."""
    return page_out(queries.units(store(), query), unit_out)


@routes.post(
    "/v1/units/batch",
    seconds=BATCH_SECONDS,
    permission="unit.create",
    accepts=batch_of(ImportedUnit),
    returns=BatchOut,
    idempotency_required=True,
)
def import_units(body: dict[str, Any]) -> Any:
    """Add up to 500 units; a parent may be another item, and units known by external id stay as they are."""
    valid, refused = validate_items(ImportedUnit, body["items"])
    return batch_answer(commands.import_units(store(), valid), refused)


@routes.get("/v1/units/<unit_id>", permission="unit.read", returns=UnitOut)
def get_unit(unit_id: str) -> Any:
    """One unit."""
    unit = queries.unit(store(), unit_id)
    return answer(unit_out(unit), version=unit.version)


@routes.patch("/v1/units/<unit_id>", permission="unit.update", accepts=ChangeUnit, returns=UnitOut, if_match=True)
def update_unit(body: dict[str, Any], unit_id: str) -> Any:
    """Rename, reclassify or move a unit; everything below it moves along."""
    unit = commands.update_unit(store(), unit_id, body, version=if_match())
    return answer(unit_out(unit), version=unit.version)

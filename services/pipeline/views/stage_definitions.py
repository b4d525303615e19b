"""Stage definitions: write down how the tenant sells, and put it in force."""

from __future__ import annotations

from typing import Any

from services.pipeline import queries, schemas
from services.pipeline.commands import stage_definitions
from services.pipeline.views.shown import definition_out, definition_row
from shared.clock import now
from shared.http import Routes, answer, if_match, page_out, store

routes = Routes("stage-definitions", "How a tenant sells: stages and what each asks for")


@routes.post(
    "/v1/stage-definitions",
    permission="definition.manage",
    accepts=schemas.StageDefinitionIn,
    returns=schemas.StageDefinitionOut,
    status=201,
)
def draft_definition(body: dict[str, Any]) -> Any:
    """Write down a stage definition as a draft: the first edition of its code, or the next one."""
    definition = stage_definitions.draft_definition(store(), body, at=now())
    location = f"/v1/stage-definitions/{definition.id}"
    return answer(definition_out(definition), version=definition.version, location=location)


@routes.get(
    "/v1/stage-definitions",
    permission="definition.read",
    returns=schemas.StageDefinitionOut,
    listing=schemas.STAGE_DEFINITIONS,
)
def list_definitions(query: Any) -> Any:
    """List stage definitions, all editions."""
    return page_out(queries.definitions(store(), query), definition_row)


@routes.get("/v1/stage-definitions/<definition_id>", permission="definition.read", returns=schemas.StageDefinitionOut)
def read_definition(definition_id: str) -> Any:
    """Read one edition of a stage definition."""
    document = queries.definition(store(), definition_id)
    return answer(definition_row(document), version=document["version"])


@routes.post(
    "/v1/stage-definitions/<definition_id>/publish",
    permission="definition.manage",
    accepts=schemas.PublishDefinition,
    returns=schemas.StageDefinitionOut,
    if_match=True,
)
def publish_definition(body: dict[str, Any], definition_id: str) -> Any:
    """Put a draft in force; the edition before it retires, deals on that one stay where they are."""
    definition = stage_definitions.publish_definition(
        store(), definition_id, version=if_match(), make_default=body["make_default"], at=now()
    )
    return answer(definition_out(definition), version=definition.version)

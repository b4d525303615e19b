"""Writing down a way of selling, putting it in force, and the one every tenant starts with."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from services.pipeline.domain.soundness import must_be_sound
from services.pipeline.domain.stage_definition import StageDefinition, State
from services.pipeline.domain.standard import standard_definition
from services.pipeline.store import PipelineStore
from shared.ids import new_id


def draft_definition(store: PipelineStore, fields: dict[str, Any], *, at: datetime) -> StageDefinition:
    """Keep a sound definition as a draft: the first edition of its code, or the next one."""
    plain = {"id": new_id("sdf", at), "tenant_id": store.tenant_id, "number": 1, **fields}
    definition = msgspec.convert(plain, StageDefinition)
    must_be_sound(definition)
    definition.stages.sort(key=lambda stage: stage.order)

    def work() -> None:
        latest = store.definitions.find({"code": definition.code}, sort=[("number", -1)], limit=1)
        definition.number = latest[0].number + 1 if latest else 1
        definition.version = 0
        store.definitions.add(definition, definition.drafted())

    store.transact(work)
    return definition


def publish_definition(
    store: PipelineStore, definition_id: str, *, version: int, make_default: bool, at: datetime
) -> StageDefinition:
    """Put a draft in force. It succeeds the edition before it, also as the default; `make_default` asks for that."""

    def work() -> StageDefinition:
        definition = store.definitions.get(definition_id, version=version)
        edition = store.definitions.find_one({"code": definition.code, "state": State.PUBLISHED})
        default = store.default_definition()
        inherits = edition is not None and edition.is_default
        event = definition.publish(is_default=make_default or inherits or default is None, at=at)
        if edition is not None:
            store.definitions.save(edition, edition.retire())
        if default is not None and definition.is_default and not inherits:
            _stand_down(store, default.id)
        store.definitions.save(definition, event)
        return definition

    return store.transact(work)


def ensure_default_definition(store: PipelineStore, *, at: datetime) -> StageDefinition:
    """The tenant's default definition; the standard one is put in force for a tenant that has none."""

    def work() -> StageDefinition:
        standard = standard_definition(store.tenant_id)
        known = store.default_definition() or store.definitions.find_one({"_id": standard.id})
        if known is not None:
            return known
        store.definitions.add(standard, standard.publish(is_default=True, at=at))
        return standard

    return store.transact(work)


def _stand_down(store: PipelineStore, definition_id: str) -> None:
    default = store.definitions.get(definition_id)
    store.definitions.save(default, default.stop_being_default())

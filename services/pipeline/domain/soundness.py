"""Whether a stage definition makes sense, with a pointer to every place where it does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from services.pipeline.domain.criteria import KINDS, Criterion
from services.pipeline.domain.errors import DefinitionInvalid
from services.pipeline.domain.stage_definition import Stage, StageDefinition
from shared.errors import FieldError


def must_be_sound(definition: StageDefinition) -> None:
    """Refuse a definition no deal could be held to."""
    faults = list(faults_of(definition))
    if faults:
        raise DefinitionInvalid(errors=faults)


def faults_of(definition: StageDefinition) -> Iterator[FieldError]:
    """Everything wrong with `definition`, in the order it is written."""
    if not definition.stages:
        yield FieldError("/stages", "required")
        return
    yield from _repeated((f"/stages/{i}/code", stage.code) for i, stage in enumerate(definition.stages))
    yield from _repeated((f"/stages/{i}/order", stage.order) for i, stage in enumerate(definition.stages))
    yield from _repeated((f"{pointer}/code", criterion.code) for pointer, criterion in _located(definition))
    for index, stage in enumerate(definition.stages):
        yield from _stage_faults(f"/stages/{index}", stage)
    first = min(range(len(definition.stages)), key=lambda index: definition.stages[index].order)
    if definition.stages[first].criteria:
        yield FieldError(f"/stages/{first}/criteria", "first-stage-open")
    for pointer, criterion in _located(definition):
        yield from _criterion_faults(pointer, criterion)


def _located(definition: StageDefinition) -> Iterator[tuple[str, Criterion]]:
    for index, stage in enumerate(definition.stages):
        for place, criterion in enumerate(stage.criteria):
            yield f"/stages/{index}/criteria/{place}", criterion
    for place, criterion in enumerate(definition.win_criteria):
        yield f"/win_criteria/{place}", criterion


def _repeated(values: Iterable[tuple[str, object]]) -> Iterator[FieldError]:
    seen: set[object] = set()
    for pointer, value in values:
        if value in seen:
            yield FieldError(pointer, "duplicate", {"value": value})
        seen.add(value)


def _stage_faults(pointer: str, stage: Stage) -> Iterator[FieldError]:
    if not 0 <= stage.probability <= 100:
        yield FieldError(f"{pointer}/probability", "out-of-range", {"min": 0, "max": 100})
    if not stage.name:
        yield FieldError(f"{pointer}/name", "required")


def _criterion_faults(pointer: str, criterion: Criterion) -> Iterator[FieldError]:
    kind = KINDS.get(criterion.kind)
    if kind is None:
        yield FieldError(f"{pointer}/kind", "not-one-of", {"choices": sorted(KINDS)})
        return
    for name in criterion.params.keys() - kind.params.keys():
        yield FieldError(f"{pointer}/params/{name}", "unknown-field")
    for name, param in kind.params.items():
        place = f"{pointer}/params/{name}"
        if name not in criterion.params:
            yield FieldError(place, "required")
        elif fault := param.fault(place, criterion.params[name]):
            yield fault

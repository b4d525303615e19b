"""Why a deal, a product or a stage definition refuses."""

from shared.errors import Conflict, Invalid, NotFound


class ExitCriteriaUnmet(Conflict):
    """A stage is attained, not typed: `errors` lists every criterion still open and what to do about it."""

    code = "exit-criteria-unmet"


class StageSkipped(Conflict):
    """Stages are taken one after the other."""

    code = "stage-skipped"


class AtLastStage(Conflict):
    """After the last stage a deal is won or lost."""

    code = "at-last-stage"


class DealClosed(Conflict):
    """A won or lost deal does not change."""

    code = "deal-closed"


class AlreadyOwner(Conflict):
    """The deal is with that owner already."""

    code = "already-owner"


class CriterionNotAttested(Conflict):
    """This criterion is met by the deal's own data; `errors` says which, nobody can sign for it."""

    code = "criterion-not-attested"


class CriterionAlreadyMet(Conflict):
    """There is evidence already; revoke it before recording another."""

    code = "criterion-already-met"


class CriterionNotMet(Conflict):
    """There is no evidence to revoke."""

    code = "criterion-not-met"


class CriterionNotFound(NotFound):
    """The deal's stage definition has no such criterion."""

    code = "criterion-not-found"


class StageUnknown(Invalid):
    """The deal's stage definition has no such stage."""

    code = "stage-unknown"


class DefinitionInvalid(Invalid):
    """The stage definition contradicts itself; `errors` points at each place."""

    code = "stage-definition-invalid"


class DefinitionNotDraft(Conflict):
    """Only a draft can be published; what is published never changes."""

    code = "stage-definition-not-draft"


class DefinitionNotPublished(Conflict):
    """New deals start on a published stage definition."""

    code = "stage-definition-not-published"


class NoDefaultDefinition(Conflict):
    """The tenant has no stage definition to start a deal on yet."""

    code = "no-default-stage-definition"


class NameTaken(Conflict):
    """Another product of the tenant's has this name."""

    code = "product-name-taken"

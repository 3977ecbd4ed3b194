"""What an operator asks a function by hand, through Lambda's own API: nobody else can, so their word is no secret."""
# ruff: noqa: PLC0415  (a function that is called by a deployment alone pays for no validation)

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from huntaze.errors import HuntazeError, Invalid
from huntaze.runtime.logging import begin_call
from huntaze.runtime.scrubbing import kind_of

if TYPE_CHECKING:
    from pydantic import BaseModel

    Body = TypeVar("Body", bound=BaseModel)

_log = logging.getLogger(__name__)


def answer(event: Mapping[str, Any], context: Any, work: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Any:
    """Do it, and say why not in words; whatever else happens is told by its kind alone, and by the log."""
    begin_call(requestId=context.aws_request_id)
    try:
        return work(event)
    except Invalid as error:
        return {"refused": "; ".join(f"{each.field}: {each.message}" for each in error.fields)}
    except HuntazeError as error:
        return {"refused": error.detail}
    except Exception as error:  # noqa: BLE001 - the operator is told of all of them
        _log.exception("what an operator asked failed")
        return {"failed": f"{kind_of(error)}: see the function's log."}


def parsed(body: "type[Body]", asked: Mapping[str, Any]) -> "Body":
    """What was asked, or Invalid with every field that is wrong."""
    from pydantic import ValidationError

    from huntaze.edge.request import failing_fields

    try:
        return body.model_validate(asked)
    except ValidationError as error:
        raise Invalid(failing_fields(error.errors())) from None

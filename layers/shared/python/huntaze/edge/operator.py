"""What an operator asks a function by hand, through Lambda's own API: nobody else can, so their word is no secret."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from huntaze.edge.request import failing_fields
from huntaze.errors import HuntazeError
from huntaze.runtime.logging import begin_call
from huntaze.runtime.scrubbing import kind_of

_log = logging.getLogger(__name__)


def answer(event: Mapping[str, Any], context: Any, work: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Any:
    """Do it, and say why not in words; whatever else happens is told by its kind alone, and by the log."""
    begin_call(requestId=context.aws_request_id)
    try:
        return work(event)
    except ValidationError as error:
        return {"refused": "; ".join(f"{each.field}: {each.message}" for each in failing_fields(error.errors()))}
    except HuntazeError as error:
        return {"refused": error.detail}
    except Exception as error:  # noqa: BLE001 - the operator is told of all of them
        _log.exception("what an operator asked failed")
        return {"failed": f"{kind_of(error)}: see the function's log."}

"""Answers that people open in spreadsheets."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from aws_lambda_powertools.event_handler import Response

from huntaze.spreadsheets import CONTENT_TYPE

# What the description says of such an answer.
ANSWERS: dict[int, Any] = {
    HTTPStatus.OK: {
        "description": "A part of the file: put together in their order, the parts are the file.",
        "content": {"text/csv": {"schema": {"type": "string"}}},
        "headers": {
            "Link": {"schema": {"type": "string"}, "description": 'Where it goes on, `rel="next"`, if it does.'}
        },
    }
}


def sheet(text: str, name: str, path: str, cursor: str | None) -> Response[str]:
    """A part of a file, with the address of the next one."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    if cursor is not None:
        headers["Link"] = f'<{path}?cursor={quote(cursor)}>; rel="next"'
    return Response(HTTPStatus.OK, CONTENT_TYPE, text, headers)

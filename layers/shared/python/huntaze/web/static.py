"""Static files: their hashed names for ever, built by infra/assets.py into the function's own folder."""

import json
from functools import cached_property
from http import HTTPStatus
from pathlib import Path

from huntaze.errors import NotFound
from huntaze.web.answer import Answer

NAMES = "names.json"
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml; charset=utf-8",
}


class Static:
    """The files beside the function."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def address(self, name: str) -> str:
        """Where a file is served under its hashed name."""
        return f"/static/{self._version}/{self._names[name]}"

    def answer(self, name: str, accepted: str) -> Answer:
        """A file; only the names that were built are known, whatever version the address says.

        While a deployment moves on, a page of the other version may ask here for its file: ours does for this once.
        """
        headers = dict(FOR_EVER)
        if name not in self._names.values():
            stem, _, rest = name.partition(".")
            name = self._names.get(f"{stem}.{rest.partition('.')[2]}", "")
            headers["Cache-Control"] = "no-store"
        if not name:
            raise NotFound
        path = self._folder / name
        if "gzip" in accepted:
            path = path.with_name(f"{name}.gz")
            headers["Content-Encoding"] = "gzip"
        return Answer(path.read_bytes(), HTTPStatus.OK, _TYPES[name.rpartition(".")[2]], headers)

    @cached_property
    def _built(self) -> dict[str, object]:
        return dict(json.loads((self._folder / NAMES).read_text()))

    @cached_property
    def _names(self) -> dict[str, str]:
        names = self._built["files"]
        assert isinstance(names, dict)  # noqa: S101  # our own file
        return names

    @property
    def _version(self) -> object:
        return self._built["version"]

"""What a dossier is."""

from collections.abc import Mapping
from typing import Any

Record = Mapping[str, Any]

# Every record about one fan, by the name of the kind of record; the fan's own is alone under "fan".
Dossier = Mapping[str, tuple[Record, ...]]

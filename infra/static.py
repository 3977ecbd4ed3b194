"""The static files of the pages: ours, one script and some icons from npm, under names that carry a hash."""

import gzip
import hashlib
import json
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
OURS = HERE / "layers" / "shared" / "python" / "huntaze" / "web" / "static"
NODE_MODULES = HERE / "node_modules"
NAMES = "names.json"

# lucide-static (ISC). A page may use only what stands here.
ICONS = (
    *("activity", "archive", "archive-restore", "arrow-down", "arrow-left", "arrow-right", "arrow-up", "bot", "check"),
    *("chevrons-up-down", "circle-alert", "circle-check", "download", "eraser", "hand-coins", "house", "inbox"),
    *("keyboard", "layout-template", "list-filter", "lock-open", "log-out", "megaphone", "merge", "message-square"),
    *("chart-column", "copy", "pause", "play"),
    *("message-square-off", "monitor", "monitor-x", "moon", "pencil", "plug", "plus", "repeat", "search", "search-x"),
    *("send", "settings", "sun", "tag", "trash-2", "undo-2", "unplug", "upload", "user", "user-plus", "users", "x"),
)
MARK = (
    '<symbol id="mark" viewBox="0 0 24 24"><rect width="24" height="24" rx="6" fill="currentColor"/>'
    '<path d="M7.5 6v12M7.5 12h5a4 4 0 0 1 4 4v2M16.5 6v2.5" fill="none" stroke="#fff" stroke-width="2.5" '
    'stroke-linecap="round"/></symbol>'
)


def sources(node_modules: Path = NODE_MODULES) -> list[Path]:
    """Every file that the built ones are made of."""
    icons = node_modules / "lucide-static" / "icons"
    return [
        *sorted(OURS.iterdir()),
        node_modules / "htmx.org" / "dist" / "htmx.min.js",
        *(icons / f"{name}.svg" for name in ICONS),
    ]


def build(folder: Path, node_modules: Path = NODE_MODULES) -> None:
    """Write every file under its hashed name, plain and compressed, and the list of names."""
    files = _contents(node_modules)
    names = {name: hashed_name(name, content) for name, content in files.items()}
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / names[name]).write_bytes(content)
        (folder / f"{names[name]}.gz").write_bytes(gzip.compress(content, mtime=0))
    version = hashlib.sha256("".join(sorted(names.values())).encode()).hexdigest()[:10]
    (folder / NAMES).write_text(json.dumps({"version": version, "files": names}, indent=2) + "\n")


def hashed_name(name: str, content: bytes) -> str:
    """The name a file is served under, for ever: app.css becomes app.3f9a1c2b40.css."""
    stem, _, rest = name.partition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{rest}"


def _contents(node_modules: Path) -> dict[str, bytes]:
    missing = [path for path in sources(node_modules) if not path.is_file()]
    if missing:
        raise FileNotFoundError(
            f"{missing[0]} is missing: the pages' scripts and icons come from npm. Run ./dev, which installs them, "
            "or `npm ci --ignore-scripts`."
        )
    script = node_modules / "htmx.org" / "dist" / "htmx.min.js"
    from_npm = {"htmx.min.js": script.read_bytes(), "icons.svg": _sprite(node_modules).encode()}
    ours = {path.name: path.read_bytes() for path in sorted(OURS.iterdir())}
    styles = {name: squeezed(style.decode()).encode() for name, style in ours.items() if name.endswith(".css")}
    return ours | styles | from_npm


def squeezed(style: str) -> str:
    """A style sheet without what only its authors read: comments, line ends, blanks around signs; texts stay whole."""
    bare = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    parts = re.split(r"""("[^"]*"|'[^']*')""", bare)
    parts[::2] = [_tight(part) for part in parts[::2]]
    return "".join(parts).strip()


def _tight(style: str) -> str:
    """A blank before a colon may part two elements, and a sum needs those around its plus: both stay."""
    signs = re.sub(r" ?([{};>~<!/]) ?", r"\1", re.sub(r"\s+", " ", style))
    return re.sub(r"([:,=]) ", r"\1", signs).replace(";}", "}")


def _sprite(node_modules: Path) -> str:
    """All icons in one file, each drawn in the colour of the text around it."""
    folder = node_modules / "lucide-static" / "icons"
    symbols = "".join(_symbol(name, (folder / f"{name}.svg").read_text("utf-8")) for name in ICONS)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}{MARK}</svg>\n'


def _symbol(name: str, drawing: str) -> str:
    inner = drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.rindex("</svg>")]
    shapes = re.sub(r"\s*\n\s*", "", inner).replace(" />", "/>")
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
        f'stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
    )

"""What runs when a module is imported, and must not read the environment."""

import ast
from collections.abc import Iterator

_READERS = {("os", "environ"), ("os", "getenv"), ("os", "environb")}
_RUNS_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def reads_of_the_environment(source: str) -> list[int]:
    """The lines where the environment is read at import time."""
    tree = ast.parse(source)
    names = _names_imported_from_os(tree)
    return sorted({node.lineno for node in _run_at_import(tree) if _reads(node, names)})


def _run_at_import(node: ast.AST) -> Iterator[ast.expr]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield child
        if isinstance(child, _RUNS_LATER):
            # The body waits, but defaults, decorators and annotations do not.
            now = [*child.args.defaults, *(default for default in child.args.kw_defaults if default)]
            now += [] if isinstance(child, ast.Lambda) else child.decorator_list
            for part in now:
                yield part
                yield from _run_at_import(part)
        else:
            yield from _run_at_import(child)


def _reads(node: ast.expr, names: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in names
    return (
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in _READERS
    )


def _names_imported_from_os(tree: ast.Module) -> set[str]:
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "os"
        for alias in node.names
        if ("os", alias.name) in _READERS
    }

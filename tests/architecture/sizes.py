"""How long files and functions are, so that rooms stay livable."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

CODE = ("layers/shared/python", "functions", "infra", "local", "bench", "chaos", "costs", "tests")


def sources(root: Path) -> dict[str, str]:
    """Every Python file of the project, by its path."""
    found = (path for folder in CODE for path in (root / folder).rglob("*.py"))
    return {str(path.relative_to(root)): path.read_text() for path in found}


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Every function with its length: from its `def` to its last line, without its docstring."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - _docstring_lines(node)


def percentile(lengths: Iterable[int], share: float) -> int:
    """The length that this share of all does not exceed."""
    ordered: Sequence[int] = sorted(lengths)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    if not (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    ):
        return 0
    return (first.end_lineno or 0) - first.lineno + 1

"""Counts the steps of a Python file: each loop and each function reports what it does, so that an endless one ends.

The file is changed before it is compiled: a call stands at the beginning of each function and of each round of a loop, and around
what a comprehension walks over. What the file imports is not changed, and a single call into Python's own library counts as one step.
"""

import ast
from collections.abc import Callable, Iterable, Iterator

STEP, EACH = "__sroute_step__", "__sroute_each__"


def compiled(text: bytes, name: str, step: Callable[[], None]) -> tuple[object, dict[str, object]]:
    """The code of a file that counts, and the names that it needs.

    Raises SyntaxError, ValueError.
    """
    tree = ast.fix_missing_locations(_Counting().visit(ast.parse(text, name)))

    def each(values: Iterable[object]) -> Iterator[object]:
        for value in values:
            step()
            yield value

    return compile(tree, name, "exec"), {STEP: step, EACH: each}


class _Counting(ast.NodeTransformer):
    """Puts the calls in."""

    def _body(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.For | ast.AsyncFor | ast.While) -> ast.AST:
        self.generic_visit(node)
        call = ast.copy_location(ast.Expr(ast.Call(ast.Name(STEP, ast.Load()), [], [])), node.body[0])
        documented = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(node, clean=False) is not None
        node.body.insert(1 if documented else 0, call)
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_For = visit_AsyncFor = visit_While = _body

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        """`for x in each(values)`."""
        self.generic_visit(node)
        if not node.is_async:
            node.iter = ast.copy_location(ast.Call(ast.Name(EACH, ast.Load()), [node.iter], []), node.iter)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """`lambda: (step(), body)[1]`."""
        self.generic_visit(node)
        pair = ast.Tuple([ast.Call(ast.Name(STEP, ast.Load()), [], []), node.body], ast.Load())
        node.body = ast.copy_location(ast.Subscript(pair, ast.Constant(1), ast.Load()), node.body)
        return node

"""Run a block of code and give its last expression, as a notebook's cell does."""

import ast


def last_value(code: str, names: dict[str, object]) -> object:
    """Run it in these names, which it may add to."""
    *before, last = ast.parse(code).body
    if not isinstance(last, ast.Expr):
        raise TypeError("the last line must be an expression")
    exec(compile(ast.Module(before, []), "<shown>", "exec"), names)  # noqa: S102 (our own pages)
    return eval(compile(ast.Expression(last.value), "<shown>", "eval"), names)  # noqa: S307

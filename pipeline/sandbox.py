"""Jinja2 for templates from strangers: sandboxed, bounded, and told where each line is from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipeline.content import read_text

MOST_REPEATS: Final = 100_000


class Lines(Extension):
    """Writes each element's own file and line into it, as ``data-at``."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Write the place into each start tag of the template's own text."""
        for token in stream:
            if token.type != "data":
                yield token
                continue
            where = escape(stream.filename or stream.name or "", quote=True)

            def located(match: re.Match[str], token: Token = token, where: str = where) -> str:
                line = token.lineno + token.value.count("\n", 0, match.start())
                return f'{match[0]} data-at="{where}:{line}"'

            yield Token(
                token.lineno, "data", re.sub(r"<[a-zA-Z][\w-]*(?=[\s/>])", located, token.value)
            )


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's immutable sandbox, with a bound on repetition."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse a product or power that would fill the memory."""
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "**" or (
            not numbers and max(n for n in (left, right, 0) if isinstance(n, int)) > MOST_REPEATS
        ):
            raise SecurityError(f"`{operator}` of values this large is not for templates")
        return super().call_binop(context, operator, left, right)


class Loader(jinja2.BaseLoader):
    """Loads from the template folders, the project's before the shipped ones."""

    def __init__(self, roots: Mapping[str, Sequence[Path]], shown: Callable[[Path], str]) -> None:
        self.roots = roots
        self.shown = shown
        self.read: dict[str, str] = {}

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Read a template; raises TemplateNotFound for any path outside of the folders."""
        prefix, _, rest = template.partition("/")
        roots, name = (
            (self.roots["shipped"], rest) if prefix == "shipped" else (self.roots["all"], template)
        )
        for root in roots:
            path = (root / name).resolve()
            if path.is_relative_to(root.resolve()) and path.is_file():
                shown = self.shown(path)
                text, self.read[shown] = read_text(path, shown)
                return text, shown, lambda: True
        raise jinja2.TemplateNotFound(template)

"""Jinja2 for templates from strangers: sandboxed, bounded, each element with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from html import escape
from pathlib import Path
from types import CodeType
from typing import Any, Final

import jinja2
from jinja2 import nodes
from jinja2.bccache import Bucket
from jinja2.exceptions import SecurityError, TemplateRuntimeError, UndefinedError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from pipeline.project.layout import is_inside
from pipeline.project.text_files import read_text
from pipeline.system.limits import DEFAULT_LIMITS, TemplateLimits
from pipeline.system.memory_limit import limit_memory
from pipeline.templating.html_tree import ATTRIBUTES

BOUNDED: Final = " counted steps"  # no template can write this name
START_TAG: Final = re.compile(r"<([a-zA-Z][\w-]*)(?=[\s/>]|\Z)")


class TooLarge(Exception):
    """A template that would print or loop without an end."""


class LineMarker(Extension):
    """Writes each element's own file and line into it, as ``data-at``."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Write the place into each start tag of the template's own text."""
        for token in stream:
            if token.type != "data":
                yield token
                continue
            where = escape(stream.filename or stream.name or "", quote=True)

            def add_place(match: re.Match[str], token: Token = token, where: str = where) -> str:
                if match.end() == len(token.value) and match[1] not in ATTRIBUTES:
                    return match[0]  # the rest of the name is computed: `<h{{ level }}>`
                line = token.lineno + token.value.count("\n", 0, match.start())
                return f'{match[0]} data-at="{where}:{line}"'

            yield Token(token.lineno, "data", START_TAG.sub(add_place, token.value))


class UnknownName(UndefinedError):
    """A name or a field that is not there, with those that are."""

    def __init__(self, message: str, name: str, known: Iterable[str] | None) -> None:
        super().__init__(message)
        self.name = name
        self.known = known
        """None when the template's names are asked for, not the fields of a value."""


class UnknownValue(jinja2.StrictUndefined):
    """What stands for a name or a field that is not there: any use of it is an error."""

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: Any = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> None:
        if exc is UndefinedError and hint is None:
            known: tuple[str, ...] | None = None
            hint = f"`{name}` is not known here"
            if obj is None:
                hint = f"nothing is here that could have `{name}`; ask first, with `{{% if … %}}`"
                known = ()
            elif obj is not missing:
                hint = f"a {type(obj).__name__} has no `{name}`"
                known = _list_fields(obj)
            raised: Any = partial(UnknownName, name=str(name), known=known)
            super().__init__(hint, obj, name, raised)
        else:
            super().__init__(hint, obj, name, exc)


def _list_fields(value: Any) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return tuple(map(str, value))
    if isinstance(value, Sequence):
        return ()
    return tuple(name for name in dir(value) if not name.startswith("_"))


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's immutable sandbox, with bounds on loops, on repetition and on size."""

    intercepted_binops = frozenset({"*", "**"})

    def __init__(
        self,
        loader: jinja2.BaseLoader,
        finalize: Callable[[Any], Any],
        limits: TemplateLimits = DEFAULT_LIMITS.templates,
    ) -> None:
        """Prepare to print what ``loader`` finds, each value through ``finalize``."""
        super().__init__(
            loader=loader,
            finalize=finalize,
            autoescape=True,
            undefined=UnknownValue,
            extensions=[LineMarker],
            bytecode_cache=_BytecodeCache(),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.filters[BOUNDED] = self._count_steps
        del self.filters["random"], self.globals["lipsum"]  # a brief is the same each time
        self.limits = limits
        self.steps = 0
        """Steps of loops since the template began."""

    def render_template(self, template: str, names: Mapping[str, Any]) -> str:
        """Print a template, within all bounds.

        Raises TooLarge, RecursionError or MemoryError for one without an end, and what else
        a template can raise.
        """
        self.steps = 0
        assert self.cache is not None
        self.cache.clear()  # it keeps macros that were imported, and not what those import
        with limit_memory(self.limits.memory):
            return self.concat(self.get_template(template).generate(names))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse a product or power that would fill the memory."""
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "**" or (
            not numbers
            and max(n for n in (left, right, 0) if isinstance(n, int)) > self.limits.repeats
        ):
            raise SecurityError(f"`{operator}` of values this large is not for templates")
        return super().call_binop(context, operator, left, right)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Have every loop go through the filter that counts steps."""
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, BOUNDED, [], [], None, None, lineno=loop.lineno)
        return tree

    def _count_steps(self, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            self.steps += 1
            if self.steps > self.limits.steps:
                raise TooLarge(f"its loops take more than {self.limits.steps:,} steps")
            yield value

    def concat(self, parts: Iterable[str]) -> str:
        """Put together what a template, a macro or a block printed."""
        return "".join(_limit_characters(parts, self.limits.characters))


def _limit_characters(parts: Iterable[str], most: int) -> Iterator[str]:
    size = 0
    for part in parts:
        size += len(part)
        if size > most:
            raise TooLarge(f"it printed more than {most:,} characters")
        yield part


class _BytecodeCache(jinja2.BytecodeCache):
    """Compiled templates, so that each brief can look for its own anew at little cost."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code
        self._codes[bucket.key, bucket.checksum] = bucket.code


class TemplateLoader(jinja2.BaseLoader):
    """Loads from the template folders, the project's before the shipped ones, and notes which."""

    def __init__(
        self,
        roots: Mapping[str, Sequence[Path]],
        format_path: Callable[[Path], str],
        most_bytes: int = DEFAULT_LIMITS.sources.text_bytes,
    ) -> None:
        self.roots = roots
        self.most_bytes = most_bytes
        self.format_path = format_path
        self.start_recording()

    def start_recording(self) -> None:
        """Begin to note what is read, with its sha256, and what is looked for and not there."""
        self.found: dict[Path, str] = {}
        self.missed: set[Path] = set()

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Read a template; raises TemplateNotFound for any path outside of the folders."""
        path = self.find_file(template)
        shown = self.format_path(path)
        text, self.found[path] = read_text(path, shown, self.most_bytes)
        return text, shown, lambda: True

    def find_file(self, template: str) -> Path:
        """Find a template's file; raises TemplateNotFound."""
        prefix, _, rest = template.partition("/")
        roots, name = (
            (self.roots["shipped"], rest) if prefix == "shipped" else (self.roots["all"], template)
        )
        for root in roots:
            path = (root / name).resolve()
            if is_inside(path, root.resolve()):
                if path.is_file():
                    return root / name
                self.missed.add(root / name)
        raise jinja2.TemplateNotFound(template)

"""A template's output: HTML in which the content's values keep their address."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, Final

import jinja2
from markupsafe import Markup

from pipeline.content.model import Quotation
from pipeline.document.tree import Block, Inline, Node, Text, to_full_text
from pipeline.records import SourcedText

# Noncharacters (Unicode §23.7) mark values on their way through the HTML. Content
# and templates cannot hold them: characters.REFUSED keeps them out. A value's number
# is written in them too, so that whatever a template cuts off a mark is no word.
OPEN, BETWEEN, CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
DIGITS: Final = "\ufdd3\ufdd4\ufdd5\ufdd6\ufdd7\ufdd8\ufdd9\ufdda\ufddb\ufddc"
MARKS: Final = f"{OPEN}{BETWEEN}{CLOSE}{DIGITS}"
MARKED: Final = re.compile(f"{OPEN}([{DIGITS}]{{1,8}}){BETWEEN}([^{MARKS}]*){CLOSE}")


@dataclass(slots=True)
class RenderedHtml:
    """A template's output: HTML in which marks stand for values of the content."""

    html: str = ""
    values: list[str | tuple[Node, ...]] = field(default_factory=list)
    quotations: list[Quotation] = field(default_factory=list)
    experts: frozenset[str] = frozenset()
    """The ids of those who answer in the article."""
    files: Mapping[Path, str] = field(default_factory=dict)
    """The template files that it was rendered with, each with its sha256."""
    missed: tuple[Path, ...] = ()
    """What was looked for before these, and not there."""

    def mark_value(self, value: Any) -> Any:
        """Mark a value on its way to the page (Jinja's ``finalize``).

        Raises TypeError for what has no words: a record, a list, nothing at all.
        """
        if isinstance(value, SourcedText):
            return self._store_value(value, escape(value))
        if isinstance(value, str | int | jinja2.Undefined) and not isinstance(value, bool):
            return value
        if isinstance(value, tuple) and all(isinstance(part, Inline | Block) for part in value):
            return self._store_value(value, "")
        raise TypeError(_explain_unprintable(value))

    def _store_value(self, value: str | tuple[Node, ...], shown: str) -> Markup:
        number = "".join(DIGITS[int(digit)] for digit in str(len(self.values)))
        self.values.append(value)
        return Markup(f"{OPEN}{number}{BETWEEN}{shown}{CLOSE}")

    def _find_value(self, number: str) -> str | tuple[Node, ...] | None:
        """Find a marked value; None for a number that was put together of cut marks."""
        index = int("".join(str(DIGITS.index(digit)) for digit in number))
        return self.values[index] if index < len(self.values) else None

    def split_values(self, data: str) -> Iterator[Text | tuple[Node, ...]]:
        """Split words into the template's own and the content's, with their address.

        A value that the template changed after it was marked is computed: it has
        no address any more.
        """
        end = 0
        for match in MARKED.finditer(data):
            yield from _clean_text(data[end : match.start()])
            end = match.end()
            value = self._find_value(match[1])
            if isinstance(value, tuple):
                yield value
            elif match[2]:
                source = value.address if isinstance(value, SourcedText) else None
                yield Text(match[2], source if match[2] == value else None)
        yield from _clean_text(data[end:])

    def strip_marks(self, attribute: str) -> str:
        """Return an attribute's value with the marks taken off."""
        return "".join(
            part.text if isinstance(part, Text) else to_full_text(part)
            for part in self.split_values(attribute)
        )


def _clean_text(text: str) -> Iterator[Text]:
    text = re.sub(f"[{MARKS}]", "", text)
    if text:
        yield Text(text)


def _explain_unprintable(value: Any) -> str:
    """Return why a value has no words of its own, and what to print instead."""
    match value:
        case None:
            return "there is nothing to print here; ask first, with `{% if … %}`"
        case datetime.date():
            return "a date is printed with `day(…)`"
        case bool():
            return "a yes or no cannot be printed; ask for it, with `{% if … %}`"
        case float():
            return "a fraction is printed rounded, with `|round|int`"
        case list() | tuple() | dict() | Mapping():
            return "a list cannot be printed; go through it, with `{% for … %}`"
        case _ if callable(value):
            return "a function is called with brackets, as in `day(article.date)`"
        case _:
            return f"a {type(value).__name__} cannot be printed; name one of its fields"

"""What a template printed: HTML in which the content's values keep their address."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

import jinja2
from markupsafe import Markup

from pipeline.document import Block, Inline, Node, Paragraph, Text, plain, walk
from pipeline.model import Quotation
from pipeline.records import Sourced

# Noncharacters (Unicode §23.7) mark values on their way through the HTML. Content
# and templates cannot hold them: characters.REFUSED keeps them out.
OPEN, BETWEEN, CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
MARKED: Final = re.compile(f"{OPEN}(\\d+){BETWEEN}([^{CLOSE}]*){CLOSE}")


@dataclass(slots=True)
class Printed:
    """A template's output: HTML in which marks stand for values of the content."""

    html: str = ""
    values: list[str | tuple[Node, ...]] = field(default_factory=list)
    quotations: list[Quotation] = field(default_factory=list)

    def mark(self, value: Any) -> Any:
        """Mark a value on its way to the page (Jinja's ``finalize``).

        Raises TypeError for what has no words: a record, a list, nothing at all.
        """
        if isinstance(value, Sourced):
            return Markup(f"{OPEN}{self._keep(value)}{BETWEEN}{escape(value)}{CLOSE}")
        if isinstance(value, str | int | jinja2.Undefined) and not isinstance(value, bool):
            return value
        if isinstance(value, tuple) and all(isinstance(part, Inline | Block) for part in value):
            return Markup(f"{OPEN}{self._keep(value)}{BETWEEN}{CLOSE}")
        what = type(value).__name__
        raise TypeError(
            "a date is printed with `day(…)`"
            if isinstance(value, datetime.date)
            else f"a {what} cannot be printed; name one of its fields"
        )

    def _keep(self, value: str | tuple[Node, ...]) -> int:
        self.values.append(value)
        return len(self.values) - 1

    def split(self, data: str) -> Iterator[Text | tuple[Node, ...]]:
        """Split words into the template's own and the content's, with their address.

        A value that the template changed after it was marked is computed: it has
        no address any more.
        """
        end = 0
        for match in MARKED.finditer(data):
            yield from _own(data[end : match.start()])
            end = match.end()
            value = self.values[int(match[1])]
            if isinstance(value, tuple):
                yield value
            else:
                source = value.address if isinstance(value, Sourced) else None
                yield Text(match[2], source if match[2] == value else None)
        yield from _own(data[end:])

    def unmarked(self, attribute: str) -> str:
        """Give an attribute's value with the marks taken off."""
        return "".join(
            part.text if isinstance(part, Text) else words(part) for part in self.split(attribute)
        )


def _own(text: str) -> Iterator[Text]:
    text = re.sub(f"{OPEN}\\d+{BETWEEN}|[{OPEN}{BETWEEN}{CLOSE}]", "", text)
    if text:
        yield Text(text)


def words(nodes: Sequence[Any]) -> str:
    """Give the words of inline nodes or of paragraphs."""
    return (
        " ".join(
            plain(node.children)
            if isinstance(node, Paragraph)
            else plain((node,))
            if not isinstance(node, Block)
            else "".join(part.text for part in walk(node) if isinstance(part, Text))
            for node in nodes
        )
        if any(isinstance(node, Block) for node in nodes)
        else plain(tuple(nodes))
    )

"""HTML to Document: reads a template's output, and refuses what it does not know.

The HTML is the plain semantic kind that templates/README.md lists. Every
element must be closed, known and in a place where it may stand; a class is a
role of ``tree.ROLES``. Diagnostics name the template's own line, which
each element carries in ``data-at``.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from pipeline.content.model import LANGUAGE
from pipeline.diagnostics import Findings, Location, Problems, suggest_names
from pipeline.document.outline import add_heading_ids, fill_contents
from pipeline.document.tree import Document, Image, Meta, Text, to_full_text, walk
from pipeline.document.whitespace import fold_line
from pipeline.system.limits import DEFAULT_LIMITS, TemplateLimits
from pipeline.templating.html_blocks import BlockReader
from pipeline.templating.html_inlines import InlineReader
from pipeline.templating.html_tree import Element, ElementReader, build_tree
from pipeline.templating.provenance_marks import RenderedHtml

META: Final = ("author", "subject", "keyword", "publisher", "date", "running-head")
SEVERAL: Final = ("author", "keyword")
"""What may be written more than once."""


def compose(
    rendered: RenderedHtml,
    images: Mapping[str, Image],
    asset: Callable[[str, Location | None], Image],
    limits: TemplateLimits = DEFAULT_LIMITS.templates,
) -> Document:
    """Return the Document of a template's output.

    ``images`` are the content's, by name; ``asset`` reads one of the template's
    own and raises Problems when it cannot.
    Raises Problems with every element, attribute, role, id and reference that is
    not known or stands where it may not.
    """
    findings = Findings()
    root = build_tree(rendered, findings, limits.depth)
    elements = ElementReader(findings)
    html = _require_element(elements, "html", elements.list_elements(root, "html"), root)
    parts = elements.list_elements(html, "head", "body")
    head, body = (_require_element(elements, tag, parts, html) for tag in ("head", "body"))
    meta = _read_meta(elements, html, head)
    inlines = InlineReader(elements)
    reader = BlockReader(elements, inlines, images, asset, rendered.experts, limits.columns)
    blocks = reader.read_blocks(body)
    _check_references(reader)
    findings.stop_on_errors()
    blocks = fill_contents(add_heading_ids(blocks, reader.ids), reader.depths)
    document = Document(meta, blocks, reader.images)
    size = sum(1 for _ in walk(document))
    if size > limits.nodes:
        findings.add_error("too-large", f"the brief has more than {limits.nodes:,} parts")
    elif not size:
        findings.add_error("empty-document", "the template printed no words", body.at)
    findings.stop_on_errors()
    return document


def _require_element(
    reader: ElementReader, tag: str, found: Iterable[Element], parent: Element
) -> Element:
    part = reader.get_single(found, tag)
    if part is None:
        reader.findings.add_error(
            "missing-element",
            f"the template printed no <{tag}>",
            parent.at,
            'begin with {% extends "_shared/base.html.j2" %}',
        )
        raise Problems(reader.findings)
    return part


def _check_references(reader: BlockReader) -> None:
    for target, at in reader.inlines.wanted:
        if target not in reader.ids:
            reader.elements.findings.add_error(
                "unknown-reference",
                f"nothing here has the id `{target}`",
                at,
                suggest_names(target, reader.ids),
            )


# --- what describes the file -------------------------------------------------------


def _read_meta(reader: ElementReader, html: Element, head: Element) -> Meta:
    parts = reader.list_elements(head, "title", "meta")
    title = _read_title(reader, head, reader.get_single(parts, "title"))
    language = reader.read_attribute(html, "lang", "", LANGUAGE.regex, LANGUAGE.meaning)
    written: dict[str, list[str]] = {name: [] for name in META}
    for part in parts:
        if part.tag == "meta" and "charset" not in part.attributes:
            _note_meta(reader, part, written)
    return Meta(
        title=title,
        language=language,
        authors=tuple(written["author"]),
        subject="".join(written["subject"]),
        keywords=tuple(written["keyword"]),
        publisher="".join(written["publisher"]),
        date="".join(written["date"]),
        running_head="".join(written["running-head"]),
    )


def _read_title(reader: ElementReader, head: Element, title: Element | None) -> str:
    parts: list[str] = []
    for child in title.children if title else ():
        if isinstance(child, Element):
            reader.report_misplaced(child, title or head)
        else:
            parts.append(child.text if isinstance(child, Text) else to_full_text(child))
    line = fold_line("".join(parts))
    if not line:
        reader.findings.add_error("missing-title", "the brief has no <title>", head.at)
    return line


def _note_meta(reader: ElementReader, meta: Element, written: dict[str, list[str]]) -> None:
    name = meta.attributes.get("name", "")
    content = fold_line(meta.attributes.get("content", ""))
    if name not in written:
        reader.findings.add_error(
            "unknown-meta",
            f'<meta name="{name}"> is not known',
            meta.at,
            suggest_names(name, META),
        )
    elif written[name] and name not in SEVERAL:
        reader.findings.add_error(
            "duplicate-element", f'<meta name="{name}"> is written twice', meta.at
        )
    elif name == "date" and content and not _is_day(content):
        reader.findings.add_error(
            "bad-value",
            f"the date cannot be `{content}`",
            meta.at,
            "YYYY-MM-DD, as in {{ article.date.isoformat() }}",
        )
    elif content:
        written[name].append(content)


def _is_day(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False

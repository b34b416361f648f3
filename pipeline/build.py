"""The steps from content to finished files, in order.

First everything that can be wrong with words is found: every article is loaded,
every template printed and composed, and nothing is imported that only setting
needs. Then the Documents are set, each in its formats, and written.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import Any, Final

from pipeline import content as contents
from pipeline import files, images, manifest, theme
from pipeline.compose import compose
from pipeline.diagnostics import (
    Diagnostic,
    Findings,
    Location,
    Problems,
    known_names,
    problem,
)
from pipeline.document import Contents, Document, Image, PageNumber, walk
from pipeline.model import Content
from pipeline.render import FORMATS, Look, Rendered, renderer
from pipeline.selection import Split, View, views
from pipeline.template import Template, TemplateRoom

PROFILES: Final = ("screen",)


class Usage(Problems):
    """What was asked for does not exist: a name on the command line is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to build. Empty means all: every article, template, question, expert."""

    project: Path
    out: Path
    articles: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("pdf", "docx")
    questions: tuple[str, ...] = ()
    experts: tuple[str, ...] = ()
    split: Split | None = None
    paper: str | None = None
    """A key of ``theme.PAPER``; None takes the house's."""
    jobs: int = 1
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A composed Document with what it takes to set it and to name its files."""

    article: str
    template: str
    part: str
    document: Document
    look: Look
    ledger: bytes
    stem: Path
    """The files' path without extension."""
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A file that was written."""

    file: str
    article: str
    template: str
    part: str
    format: str
    paper: str
    pages: int | None
    bytes: int
    sha256: str
    seconds: float = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a build wrote, and what it found."""

    outputs: tuple[Output, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def failed(self) -> bool:
        """Whether a brief that was asked for could not be made."""
        return any(d.is_error for d in self.diagnostics)


def build(order: Order, progress: Callable[[str, int, int], None]) -> Result:
    """Build what was ordered; ``progress`` is told each brief, how many are done, of how many.

    Raises Problems when the content or a template has errors (nothing is written
    then) and Usage when the order names what does not exist.
    """
    findings = Findings()
    loaded = _load(order, findings)
    briefs = _compose(order, loaded, findings)
    if order.strict and list(findings):
        raise Problems(findings)
    outputs: list[Output] = []
    for brief in briefs:
        files.make_folder(brief.stem.parent)
    for done, (brief, made, found) in enumerate(_set(briefs, order), 1):
        outputs.extend(made)
        findings.extend(found)
        progress(brief.stem.name, done, len(briefs))
    _write_manifests(order, loaded, outputs, findings)
    return Result(
        outputs=tuple(sorted(outputs, key=lambda output: output.file)),
        diagnostics=tuple(findings),
    )


# --- what can be wrong with words -------------------------------------------------------


def _load(order: Order, findings: Findings) -> tuple[Content, ...]:
    """Load the articles, and report everything that is wrong with any of them."""
    known = contents.articles(order.project)
    for name in order.articles:
        if name not in known:
            raise Usage(
                problem(
                    "unknown-article",
                    f"there is no article `{name}`",
                    None,
                    known_names(name, known),
                ).diagnostics
            )
    loaded = []
    for name in dict.fromkeys(order.articles) or known:
        try:
            loaded.append(contents.load(order.project, name))
        except Problems as problems:
            findings.extend(d for d in problems.diagnostics if d not in findings.found)
    findings.stop_on_errors()
    return tuple(loaded)


def _compose(order: Order, loaded: Sequence[Content], findings: Findings) -> tuple[Brief, ...]:
    """Print and compose every brief, and report everything that is wrong with any template."""
    room = TemplateRoom(order.project)
    briefs: list[Brief] = []
    for template in _templates(order, room):
        try:
            css, look = _stylesheets(template, room)
        except Problems as problems:
            findings.extend(problems.diagnostics)
            continue
        for content in loaded:
            if missing := _missing(template, content):
                findings.extend(_unfit(order, template, content, missing))
                continue
            for view in views(
                content, questions=order.questions, experts=order.experts, split=order.split
            ):
                try:
                    briefs.append(_brief(order, room, template, content, view, css, look))
                except Problems as problems:
                    findings.extend(problems.diagnostics)
    findings.stop_on_errors()
    return tuple(briefs)


def _templates(order: Order, room: TemplateRoom) -> Iterator[Template]:
    """Choose the templates: those named, or all that can show what was asked for."""
    parts: list[Split] = []
    if order.questions or order.split == "question":
        parts.append("question")
    if order.experts or order.split == "expert":
        parts.append("expert")
    for name in order.templates:
        if name not in room.names():
            raise Usage(
                problem(
                    "unknown-template",
                    f"there is no template `{name}`",
                    None,
                    known_names(name, room.names()),
                ).diagnostics
            )
    chosen = [room.get(name) for name in dict.fromkeys(order.templates) or room.names()]
    fitting = [template for template in chosen if template.splits_by(*parts)]
    for template in chosen:
        if template not in fitting and (order.templates or not fitting):
            raise Usage(
                problem(
                    "not-divisible",
                    f"`{template.name}` shows the whole article: "
                    f"it has no parts by {' and '.join(parts)}",
                    None,
                    "templates with parts: "
                    + ", ".join(n for n in room.names() if room.get(n).splits_by(*parts)),
                ).diagnostics
            )
    yield from fitting


def _missing(template: Template, content: Content) -> str:
    return "summary" if "summary" in template.spec.needs and content.summary is None else ""


def _unfit(
    order: Order, template: Template, content: Content, missing: str
) -> tuple[Diagnostic, ...]:
    """Say that an article lacks what a template needs: an error if it was named."""
    found = Findings()
    tell = found.error if order.templates else found.warning
    tell(
        "template-needs",
        f"`{template.name}` needs a {missing}, `{content.article.slug}` has none",
        Location(f"content/{content.article.slug}"),
        f"write {missing}.yaml; content/README.md shows the format",
    )
    return tuple(found)


def _stylesheets(template: Template, room: TemplateRoom) -> tuple[str, theme.Theme]:
    """Read a template's tokens and stylesheets, in the order of the cascade."""

    def read(name: str) -> list[tuple[str, str]]:
        return [
            (room.shown(path), contents.read_text(path, room.shown(path))[0])
            for path in template.files(name)
        ]

    tokens = theme.load(read("theme.yaml"))
    sheets = [*read("base.css"), *read("print.css")]
    findings = Findings()
    for name, text in sheets:
        findings.extend(theme.check_css(name, text))
    findings.stop_on_errors()
    return "\n".join(text for _, text in sheets), tokens


def _brief(
    order: Order,
    room: TemplateRoom,
    template: Template,
    content: Content,
    view: View,
    css: str,
    tokens: theme.Theme,
) -> Brief:
    printed = room.print(template, view, content)

    def asset(reference: str, at: Location | None) -> Image:
        """Read an image from the first of the template's folders, own first, that has it."""
        for folder in reversed(template.folders):
            if (folder / reference).is_file():
                return images.read(folder, reference, at or Location(room.shown(folder)))
        return images.read(template.folders[-1], reference, at or Location(template.name))

    document = compose(printed, content.images, asset)
    article = content.article.slug
    name = "-".join(filter(None, [article, template.name, view.part]))
    return Brief(
        article=article,
        template=template.name,
        part=view.part,
        document=document,
        look=Look(
            theme=tokens, css=css, paper=order.paper or content.house.paper, places=content.places
        ),
        ledger=manifest.ledger(document, [*content.quotations, *printed.quotations]),
        stem=order.out / article / name,
        formats=tuple(dict.fromkeys(order.formats)),
    )


# --- setting and writing ------------------------------------------------------------------


def _set(
    briefs: Sequence[Brief], order: Order
) -> Iterator[tuple[Brief, tuple[Output, ...], tuple[Diagnostic, ...]]]:
    """Set each brief, in child processes when there are several and ``jobs`` allows it."""
    jobs = min(order.jobs, len(briefs))
    if jobs <= 1:
        for brief in briefs:
            yield (brief, *set_brief(brief, order.strict))
        return
    # A forked child has the content and the modules already; where fork is not to be had,
    # a fresh one imports them.
    method = "fork" if "fork" in get_all_start_methods() else "spawn"
    longest_first = sorted(briefs, key=lambda brief: -len(brief.ledger) - _size(brief.document))
    with ProcessPoolExecutor(jobs, mp_context=get_context(method)) as pool:
        waiting = {pool.submit(set_brief, brief, order.strict): brief for brief in longest_first}
        for future in as_completed(waiting):
            yield (waiting[future], *future.result())


def _size(document: Document) -> int:
    return sum(1 for _ in walk(document))


def set_brief(brief: Brief, strict: bool) -> tuple[tuple[Output, ...], tuple[Diagnostic, ...]]:
    """Set one brief in its formats and write it, with its quote ledger.

    A format that has errors is not written; the others are.
    """
    findings = Findings()
    outputs: list[Output] = []
    look = brief.look
    # The PDF is set first: its layout gives the DOCX the page numbers of the contents.
    for name in sorted(brief.formats, key=list(FORMATS).index):
        started = time.perf_counter()
        try:
            if name == "docx" and not look.pages and _has_page_numbers(brief.document):
                from pipeline.render import pdf

                look = dataclasses.replace(look, pages=pdf.layout(brief.document, look))
            rendered = renderer(name)(brief.document, look)
            findings.extend(rendered.diagnostics)
            if strict and rendered.diagnostics:
                continue
            if rendered.anchors:
                look = dataclasses.replace(look, pages=rendered.anchors)
            outputs.append(_write(brief, name, rendered, started))
        except Problems as problems:
            findings.extend(problems.diagnostics)
    if outputs:
        try:
            files.write(_with_extension(brief.stem, "quotes.json"), brief.ledger)
        except Problems as problems:
            findings.extend(problems.diagnostics)
    return tuple(outputs), tuple(findings)


def _has_page_numbers(document: Document) -> bool:
    return any(isinstance(node, PageNumber | Contents) for node in walk(document))


def _with_extension(stem: Path, extension: str) -> Path:
    return stem.with_name(f"{stem.name}.{extension}")


def _write(brief: Brief, name: str, rendered: Rendered, started: float) -> Output:
    path = _with_extension(brief.stem, FORMATS[name][0])
    files.write(path, rendered.data)
    return Output(
        file=path.name,
        article=brief.article,
        template=brief.template,
        part=brief.part,
        format=name,
        paper=brief.look.paper,
        pages=rendered.pages,
        bytes=len(rendered.data),
        sha256=manifest.sha256(rendered.data),
        seconds=time.perf_counter() - started,
    )


def _write_manifests(
    order: Order, loaded: Sequence[Content], outputs: Sequence[Output], findings: Findings
) -> None:
    for content in loaded:
        made: list[dict[str, Any]] = []
        for output in outputs:
            if output.article == content.article.slug:
                entry = {
                    key: value
                    for key, value in dataclasses.asdict(output).items()
                    if key not in ("seconds", "article") and value not in ("", None)
                }
                made.append({**entry, "edition": content.sha256})
        if made:
            path = order.out / content.article.slug / "manifest.json"
            try:
                files.write(path, manifest.written(path, content, made))
            except Problems as problems:
                findings.extend(problems.diagnostics)

"""The steps from content to finished files, in order.

First everything that can be wrong with words is found: every article is loaded,
every template printed and composed, and nothing is imported that only setting
needs. Then the Documents are set, each in its formats, and written.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline import (
    archive,
    chatham,
    files,
    images,
    manifest,
    marking,
    notes,
    sources,
    theme,
)
from pipeline import content as contents
from pipeline.compose import compose
from pipeline.diagnostics import (
    Diagnostic,
    Findings,
    Location,
    Problems,
    known_names,
    problem,
)
from pipeline.document import Address, Comment, Document, Image
from pipeline.model import Content
from pipeline.render import Look, WayBack
from pipeline.selection import Split, Unknown, View, views
from pipeline.setting import Brief, Made, set_briefs
from pipeline.stylesheet import check_css
from pipeline.template import Template, TemplateRoom

if TYPE_CHECKING:
    from pipeline.reference import Reference

PACKAGES: Final = ("briefpack", "jinja2", "python-docx", "weasyprint")


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
    profile: str = "screen"
    """A key of ``render.PROFILES``: what the PDF is for."""
    creep: float = 0.0
    """How far a booklet's innermost pages are moved to the fold, in mm."""
    marking: str = ""
    """What is said at the head and the foot of every page, such as ``TLP:AMBER``."""
    chatham_house: bool = False
    """Whether it is withheld who the experts are."""
    reference_docx: Path | None = None
    """The house's Word template for the DOCX; None takes each template's, if it names one."""
    for_review: bool = False
    """Whether the DOCX opens with its changes tracked."""
    with_notes: bool = False
    """Whether the DOCX has the content's editorial notes and comments."""
    jobs: int = 1
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A file that was written."""

    file: str
    """Its path, from where brief was run."""
    article: str
    template: str
    part: str
    format: str
    profile: str
    """What a PDF is for; empty in other formats."""
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
    """Build what was ordered.

    ``progress`` is told how many briefs are done, of how many, and which was the last: first
    ``("", 0, 4)``, then ``("words-per-question", 1, 4)`` …

    Raises Problems when the content or a template has errors (nothing is written
    then) and Usage when the order names what does not exist.
    """
    findings = Findings()
    _check_out(order)
    _check_rule(order)
    order = _with_marking(order)
    loaded = load(order, findings)
    briefs = compose_briefs(order, loaded, findings)
    if order.strict and findings.found:
        raise Problems(findings)
    for folder in {brief.folder for brief in briefs}:
        files.make_folder(folder)
    progress("", 0, len(briefs))
    outputs: list[Output] = []
    found: dict[Path, Sequence[Diagnostic]] = {}
    with closing(set_briefs(briefs, order.jobs, order.strict)) as setting:
        for done, (brief, made) in enumerate(setting, 1):
            found[brief.stem] = made.diagnostics
            try:
                outputs += _write(brief, made)
            except Problems as problems:
                found[brief.stem] = [*made.diagnostics, *problems.diagnostics]
            progress(brief.name, done, len(briefs))
    for brief in briefs:
        _gather(findings, found[brief.stem])
    return Result(
        outputs=tuple(sorted(outputs, key=lambda output: output.file)),
        diagnostics=tuple(findings),
    )


def _check_out(order: Order) -> None:
    """Raise Usage when files would be written among those that they are made from."""
    for name in ("content", "templates"):
        if order.out.resolve().is_relative_to((order.project / name).resolve()):
            raise Usage(
                problem(
                    "bad-out",
                    f"`{order.out}` is a place of {name}/, which brief reads",
                    None,
                    "name a folder of its own, such as out",
                ).diagnostics
            )


def _check_rule(order: Order) -> None:
    """Raise Usage when a brief would carry the names that are to be withheld."""
    if order.chatham_house and order.with_notes:
        raise Usage(
            problem(
                "chatham-notes",
                "editorial notes may say who spoke",
                None,
                "leave --with-notes out under the Chatham House Rule",
            ).diagnostics
        )
    if order.chatham_house and order.profile == "archive":
        raise Usage(
            problem(
                "chatham-archive",
                "an archive carries article.md, which says who spoke",
                None,
                "take --profile screen under the Chatham House Rule",
            ).diagnostics
        )


def _with_marking(order: Order) -> Order:
    """Give the order with its marking as it is printed; raises Usage for one that cannot be."""
    if not order.marking:
        return order
    try:
        return dataclasses.replace(order, marking=marking.read(order.marking))
    except Problems as problems:
        raise Usage(problems.diagnostics) from None


def _gather(findings: Findings, found: Iterable[Diagnostic]) -> None:
    """Add what was found, once: several briefs are made from the same files."""
    findings.extend([d for d in found if d not in findings.found])


# --- what can be wrong with words -------------------------------------------------------


def load(order: Order, findings: Findings) -> tuple[Content, ...]:
    """Load the articles, and report everything that is wrong with any of them."""
    known = contents.articles(order.project)
    loaded = []
    for name in _chosen("article", order.articles, known):
        try:
            content = contents.load(order.project, name, comments=order.with_notes)
            if order.chatham_house:
                content = chatham.anonymised(content)
        except Problems as problems:
            _gather(findings, problems.diagnostics)
        else:
            loaded.append(content)
            _gather(findings, content.warnings)
    return tuple(loaded)


def _chosen(what: str, asked: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Give the names that were asked for, each once, or all; raises Usage."""
    findings = Findings()
    for name in asked:
        if name not in known:
            findings.error(
                f"unknown-{what}", f"there is no {what} `{name}`", None, known_names(name, known)
            )
    if findings.found:
        raise Usage(findings)
    return tuple(dict.fromkeys(asked or known))


def compose_briefs(
    order: Order, loaded: Sequence[Content], findings: Findings
) -> tuple[Brief, ...]:
    """Print and compose every brief, and report everything that is wrong with any template."""
    room = TemplateRoom(order.project)
    templates = _templates(order, room, findings)
    shown = _views(order, loaded, findings)
    briefs: list[Brief] = []
    for template in templates:
        try:
            design = _design(order, template, room)
        except Problems as problems:
            _gather(findings, problems.diagnostics)
            continue
        for content, parts in shown:
            if "summary" in template.spec.needs and content.summary is None:
                _tell_unfit(order, template, content, findings)
                continue
            for view in parts:
                try:
                    briefs.append(_brief(order, room, design, content, view))
                except Problems as problems:
                    _gather(findings, problems.diagnostics)
    _check_names(briefs, findings)
    findings.stop_on_errors()
    return tuple(briefs)


def _templates(order: Order, room: TemplateRoom, findings: Findings) -> Sequence[Template]:
    """Choose the templates: those named, or all that can show what was asked for."""
    found: list[Template] = []
    for name in _chosen("template", order.templates, room.names()):
        try:
            found.append(room.get(name))
        except Problems as problems:
            _gather(findings, problems.diagnostics)
    parts: list[Split] = []
    if order.questions or order.split == "question":
        parts.append("question")
    if order.experts or order.split == "expert":
        parts.append("expert")
    fitting = [template for template in found if template.splits_by(*parts)]
    unfit = [template for template in found if template not in fitting]
    if unfit and (order.templates or not fitting):
        lacking = [part for part in parts if not unfit[0].splits_by(part)]
        raise Usage(
            problem(
                "not-divisible",
                f"`{unfit[0].name}` has no parts by {' and '.join(lacking)}",
                None,
                "`brief list` shows which templates have parts",
            ).diagnostics
        )
    return fitting


def _views(
    order: Order, loaded: Sequence[Content], findings: Findings
) -> Sequence[tuple[Content, tuple[View, ...]]]:
    """Choose what to show of each article.

    One that lacks a question or an expert is left out, unless it was named or all do.
    """
    shown: list[tuple[Content, tuple[View, ...]]] = []
    lacking: list[Unknown] = []
    for content in loaded:
        try:
            chosen = views(
                content, questions=order.questions, experts=order.experts, split=order.split
            )
            shown.append((content, chosen))
        except Unknown as unknown:
            lacking.append(unknown)
    if lacking and (order.articles or not shown):
        findings.stop_on_errors()
        raise Usage(lacking[0].diagnostics)
    return shown


def _tell_unfit(order: Order, template: Template, content: Content, findings: Findings) -> None:
    """Say that an article lacks what a template needs: an error if the template was named."""
    tell = findings.error if order.templates else findings.warning
    tell(
        "template-needs",
        f"`{template.name}` needs a summary, `{content.article.slug}` has none",
        Location(f"content/{content.article.slug}"),
        "write summary.yaml; content/README.md shows the format",
    )


@dataclass(frozen=True, slots=True)
class _Design:
    """A template with its look."""

    template: Template
    theme: theme.Theme
    css: str
    files: Mapping[Path, str]
    """What it was read from, with the sha256 of each."""
    reference: Reference | None
    """The house's Word template."""


def _design(order: Order, template: Template, room: TemplateRoom) -> _Design:
    """Read a template's tokens and stylesheets, in the order of the cascade."""
    read_from: dict[Path, str] = {}

    def read(name: str) -> Iterator[tuple[str, str]]:
        for path in template.files(name):
            shown = room.shown(path)
            text, read_from[path] = contents.read_text(path, shown)
            yield shown, text

    tokens = theme.load(list(read("theme.yaml")))
    sheets = [*read("base.css"), *read("print.css")]
    findings = Findings()
    for name, text in sheets:
        findings.extend(check_css(name, text))
    findings.stop_on_errors()
    for folder in template.folders:
        for path in (*folder.glob("*.j2"), *folder.glob("template.yaml")):
            if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
                read_from[path] = manifest.sha256(path.read_bytes())
    return _Design(
        template,
        tokens,
        "\n".join(text for _, text in sheets),
        read_from,
        _reference(order, template, read_from),
    )


def _reference(order: Order, template: Template, read_from: dict[Path, str]) -> Reference | None:
    """Read the house's Word template: the one that was asked for, or the template's own.

    That stands in the project; raises Problems (``file-outside``) when it leads out of it.
    """
    asked, name = order.reference_docx, template.spec.reference_docx
    if not (asked or name):
        return None
    from pipeline import reference  # only briefs that are dressed pay for its reader

    if asked:
        return reference.read(asked, str(asked))
    path = order.project / name
    contents.check_inside(path, order.project.resolve(), name)
    found = reference.read(path, name)
    read_from[path] = found.sha256
    return found


def _brief(
    order: Order, room: TemplateRoom, design: _Design, content: Content, view: View
) -> Brief:
    template = design.template
    read_from = dict(design.files)

    def asset(reference: str, at: Location | None) -> Image:
        """Read an image from the first of the template's folders, own first, that has it."""
        own = template.folders[-1]
        folders = reversed(template.folders)
        folder = next((f for f in folders if os.path.isfile(f / reference)), own)
        image = images.read(folder, reference, at or Location(room.shown(folder)))
        read_from[folder / reference] = image.sha256
        return image

    printed = room.print(template, view, content)
    for path in printed.files:
        read_from.setdefault(path, manifest.sha256(path.read_bytes()))
    document = _marked(compose(printed, content.images, asset), order.marking)
    if order.with_notes:
        document = notes.noted(document, _notes(content))
    article = content.article.slug
    inputs = {**content.inputs, **{room.shown(path): read_from[path] for path in read_from}}
    if design.reference:
        inputs[design.reference.name] = design.reference.sha256
    brief = Brief(
        article=article,
        template=template.name,
        part=view.part,
        document=document,
        look=Look(
            theme=design.theme,
            css=design.css,
            paper=order.paper or content.house.paper,
            profile=order.profile,
            creep=order.creep,
            places=content.places,
            reference=design.reference,
            for_review=order.for_review,
        ),
        formats=tuple(dict.fromkeys(order.formats)),
        ledger=manifest.ledger(document, [*content.quotations, *printed.quotations]),
        edition=content.sha256,
        inputs=dict(sorted(inputs.items())),
        folder=order.out / article,
    )
    if content.withheld:
        chatham.check(document, brief.ledger, content.inputs, content)
    elif "docx" in brief.formats and not order.chatham_house:
        named = {room.shown(path): room.carried(path) for path in printed.files}
        look = _with_way_back(order, view, brief, content, named)
        brief = dataclasses.replace(brief, look=look)
    if order.profile != "archive" or "pdf" not in brief.formats:
        return brief
    files = {os.path.normpath(n): (order.project / n, content.inputs[n]) for n in content.inputs}
    files |= {room.carried(path): (path, read_from[path]) for path in read_from}
    told = {**_told(order, view, brief), "packages": _versions(brief)}
    carried = archive.attachments(files, brief.ledger, told)
    return dataclasses.replace(brief, look=dataclasses.replace(brief.look, attachments=carried))


def _notes(content: Content) -> list[Comment]:
    """Give an article's editorial notes, each with its place."""
    addresses = (f"article.md#notes.{n}" for n in range(1, len(content.article.notes) + 1))
    places = [content.places.get(Address(address)) for address in addresses]
    noted = zip(content.article.notes, places, strict=True)
    return [Comment(str(note), str(at or "")) for note, at in noted]


def _marked(document: Document, marking: str) -> Document:
    """Mark a Document: on its pages, and among its keywords."""
    meta = document.meta
    keywords = (*meta.keywords, *filter(None, [marking]))
    meta = dataclasses.replace(meta, keywords=keywords, marking=marking)
    return dataclasses.replace(document, meta=meta)


def _with_way_back(
    order: Order, view: View, brief: Brief, content: Content, templates: Mapping[str, str]
) -> Look:
    """Give a brief's look with what its DOCX carries for the way back.

    Under the Chatham House Rule there is none: the content says who spoke.
    """
    from importlib import metadata

    told = _told(order, view, brief)
    del told["profile"]
    way_back = WayBack(
        told={"brief": metadata.version("briefpack"), **told},
        files=content.inputs,
        sources=sources.shown(content, brief.document),
        templates=templates,
    )
    return dataclasses.replace(brief.look, way_back=way_back)


def _told(order: Order, view: View, brief: Brief) -> dict[str, Any]:
    """Say with which options this one brief is made."""
    questions, experts = order.questions, order.experts
    if order.split == "question":
        questions = tuple(question.id for question in view.questions)
    elif order.split == "expert":
        experts = tuple(expert.id for expert in view.experts)
    return {
        "article": brief.article,
        "template": brief.template,
        "part": brief.part,
        "profile": order.profile,
        "paper": brief.look.paper,
        "questions": questions,
        "experts": experts,
        "split": order.split or "",
        "marking": brief.document.meta.marking,
        "edition": brief.edition,
    }


def _check_names(briefs: Sequence[Brief], findings: Findings) -> None:
    """Report briefs of which one would overwrite the other."""
    taken: dict[Path, Brief] = {}
    for brief in briefs:
        other = taken.setdefault(brief.stem, brief)
        if other is not brief:
            findings.error(
                "same-name",
                f"a brief of `{other.template}` and one of `{brief.template}` "
                f"would both be called `{brief.name}`",
                None,
                "give one template another name, or build one at a time with --template and --out",
            )


# --- writing ----------------------------------------------------------------------------


def _write(brief: Brief, made: Made) -> Sequence[Output]:
    """Write a brief's files, its quote ledger and the manifest that lists them, all at once."""
    if not made.copies:
        return []
    written: dict[Path, bytes] = {}
    outputs: list[Output] = []
    for copy in made.copies:
        path = brief.file(copy.format)
        written[path] = copy.data
        outputs.append(
            Output(
                file=str(path),
                article=brief.article,
                template=brief.template,
                part=brief.part,
                format=copy.format,
                profile=brief.profile(copy.format),
                pages=copy.pages,
                bytes=len(copy.data),
                sha256=manifest.sha256(copy.data),
                seconds=copy.seconds,
            )
        )
    written[Path(f"{brief.stem}.quotes.json")] = brief.ledger
    with files.locked(brief.folder):
        entries = [_entry(brief, output) for output in outputs]
        listed = manifest.written(brief.folder, brief.article, entries)
        files.write({**written, brief.folder / manifest.NAME: listed})
    return outputs


def _entry(brief: Brief, output: Output) -> Mapping[str, Any]:
    """List a file in the manifest, with all that it was made from."""
    told = dataclasses.asdict(output)
    del told["seconds"], told["article"]
    return {
        **told,
        "file": Path(output.file).name,
        "paper": brief.look.paper,
        "marking": brief.document.meta.marking,
        "edition": brief.edition,
        "inputs": brief.inputs,
        "packages": _versions(brief),
    }


def _versions(brief: Brief) -> Mapping[str, str]:
    """Give the versions of the packages that a brief is set with, its fonts' among them."""
    from importlib import metadata

    found = metadata.packages_distributions()
    fonts = {name for face in brief.look.theme.faces for name in found.get(face.package, ())}
    return {name: metadata.version(name) for name in sorted({*PACKAGES, *fonts})}

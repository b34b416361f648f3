"""The steps from content to finished files, in order.

First everything that can be wrong with words is found: every article is loaded,
every template printed and composed, and nothing is imported that only setting
needs. Then the Documents are set, each in its formats, and written.
"""

from __future__ import annotations

import dataclasses
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline import (
    archive,
    chatham,
    cluster,
    delivery,
    files,
    freshness,
    images,
    manifest,
    notes,
    project,
    sources,
    theme,
)
from pipeline import content as contents
from pipeline.cache import Cache
from pipeline.compose import compose
from pipeline.diagnostics import (
    Diagnostic,
    Findings,
    Location,
    Problems,
    Severity,
    problem,
)
from pipeline.document import Address, Comment, Document, Image
from pipeline.freshness import Standing
from pipeline.model import Content
from pipeline.order import CHATHAM_HOUSE, Output, Result, chosen
from pipeline.order import Order as Order
from pipeline.order import Usage as Usage
from pipeline.render import Look, WayBack
from pipeline.selection import Split, Unknown, View, views
from pipeline.setting import Brief, name_of
from pipeline.stylesheet import check_css
from pipeline.template import Template, TemplateRoom
from pipeline.workers import Crew, set_briefs

if TYPE_CHECKING:
    from pipeline.reference import Reference


def build(
    order: Order,
    progress: Callable[[str, int, int], None],
    standing: Standing | None = None,
    crew: Crew | None = None,
) -> Result:
    """Build what was ordered and is not fresh.

    ``progress`` is told how many briefs are done, of how many, and which was the last: first
    ``("", 0, 4)``, then ``("words-per-question", 1, 4)`` … ``standing`` is what ``freshness``
    said of the order, once it was checked, ``crew`` are processes that were started to set it.

    Raises Problems when the content or a template has errors (nothing is written
    then) and Usage when the order names what does not exist.
    """
    findings = Findings()
    order = order.checked()
    standing = standing or freshness.look(order)
    loaded = load(order, findings, standing)
    composed = compose_briefs(order, loaded, findings, standing)
    briefs = composed.briefs
    if order.strict and findings.found:
        raise Problems(findings)
    for folder in {order.out / content.article.slug for content in loaded}:
        files.make_folder(folder)
    cache = Cache(order.cache) if order.cache else None
    for article, entries in composed.left_out.items():
        delivery.note_left_out(order.out / article, article, entries, cache)
    progress("", 0, len(briefs))
    outputs: list[Output] = []
    found: dict[Path, Sequence[Diagnostic]] = {}
    setting = (
        cluster.set_briefs(briefs, order.scheduler, order.strict)
        if order.scheduler
        else set_briefs(briefs, order.jobs, order.strict, crew)
    )
    with closing(setting):
        for done, (brief, made) in enumerate(setting, 1):
            found[brief.stem] = made.diagnostics
            try:
                written = delivery.write(brief, made)
                outputs += (file.output for file in written)
                delivery.keep(written, cache)
            except Problems as problems:
                found[brief.stem] = [*made.diagnostics, *problems.diagnostics]
            progress(brief.name, done, len(briefs))
    if cache:
        cache.trim()
    told = Findings([*standing.warnings])
    for group in ([*findings], *(found[brief.stem] for brief in briefs)):
        _gather(told, group)
    return Result(
        outputs=tuple(sorted(outputs, key=lambda output: output.file)),
        kept=standing.result.kept,
        diagnostics=tuple(told),
    )


def _gather(findings: Findings, found: Iterable[Diagnostic]) -> None:
    """Add what was found, once: several briefs are made from the same files."""
    findings.extend([d for d in found if d not in findings.found])


# --- what can be wrong with words -------------------------------------------------------


NOTHING_KEPT: Final = Standing()


def load(
    order: Order, findings: Findings, standing: Standing = NOTHING_KEPT
) -> tuple[Content, ...]:
    """Load the articles that are not fresh, and report all that is wrong with any of them."""
    known = contents.articles(order.project)
    names = chosen("article", order.articles, known)
    templates = order.templates or project.templates(order.project)
    loaded = []
    for name in names:
        if all((order.published(name), template) in standing.whole for template in templates):
            continue
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


@dataclass(frozen=True, slots=True)
class Composed:
    """The briefs to be set, and the manifests' entries of what is left out of an order."""

    briefs: Sequence[Brief]
    left_out: Mapping[str, Sequence[manifest.Entry]]
    """By the article, as it is published."""


def compose_briefs(
    order: Order,
    loaded: Sequence[Content],
    findings: Findings,
    standing: Standing = NOTHING_KEPT,
) -> Composed:
    """Print and compose every brief that is not fresh, and report what is wrong with templates."""
    room = TemplateRoom(order.project)
    templates, unfit = _templates(order, room, findings)
    shown, lacking = _views(order, loaded, findings, standing)
    left_out = defaultdict[str, list[manifest.Entry]](list)
    for template, content in (*product(unfit, loaded), *product(templates, lacking)):
        left_out[content.article.slug].append(_left_out(order, room, template, content))
    # All articles have one house; where none could be loaded, its paper is not known.
    paper = order.paper or next((c.house.paper for c in loaded), next(iter(theme.PAPER)))
    briefs: list[Brief] = []
    for template in templates:
        stale = [
            (content, parts)
            for content, parts in shown
            if (content.article.slug, template.name) not in standing.whole
        ]
        if shown and not stale:
            continue
        try:
            design = _design(order, template, room, paper)
        except Problems as problems:
            _gather(findings, problems.diagnostics)
            continue
        for content, parts in stale:
            if "summary" in template.spec.needs and content.summary is None:
                told = _tell_unfit(order, template, content)
                findings.extend([told])
                omitted = _left_out(order, room, template, content, told)
                left_out[content.article.slug].append(omitted)
                continue
            names = [view.part for view in parts]
            for view in parts:
                file = (content.article.slug, template.name, view.part)
                formats = tuple(
                    f for f in dict.fromkeys(order.formats) if (*file, f) not in standing.kept
                )
                if not formats:
                    continue
                try:
                    brief = _brief(order, room, design, content, view)
                except Problems as problems:
                    _gather(findings, problems.diagnostics)
                else:
                    briefs.append(dataclasses.replace(brief, formats=formats, parts=tuple(names)))
    _check_names(order, standing, briefs, findings)
    findings.stop_on_errors()
    return Composed(briefs, left_out)


def _templates(
    order: Order, room: TemplateRoom, findings: Findings
) -> tuple[Sequence[Template], Sequence[Template]]:
    """Choose the templates: those named, or all that can show what was asked for.

    Gives those that cannot as well.
    """
    found: list[Template] = []
    for name in chosen("template", order.templates, room.names()):
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
    return fitting, unfit


def _views(
    order: Order, loaded: Sequence[Content], findings: Findings, standing: Standing
) -> tuple[Sequence[tuple[Content, tuple[View, ...]]], Sequence[Content]]:
    """Choose what to show of each article, and give the articles that are left out as well.

    One that lacks a question or an expert is left out, unless it was named or all do.
    """
    shown: list[tuple[Content, tuple[View, ...]]] = []
    lacking: list[Content] = []
    reason: Unknown | None = None
    for content in loaded:
        try:
            chosen = views(
                content, questions=order.questions, experts=order.experts, split=order.split
            )
            shown.append((content, chosen))
        except Unknown as unknown:
            lacking.append(content)
            reason = reason or unknown
    if reason and (order.articles or not (shown or standing.kept)):
        findings.stop_on_errors()
        raise Usage(reason.diagnostics)
    return shown, lacking


def _tell_unfit(order: Order, template: Template, content: Content) -> Diagnostic:
    """Say that an article lacks what a template needs: an error if the template was named."""
    return Diagnostic(
        "template-needs",
        f"`{template.name}` needs a summary, `{content.article.slug}` has none",
        Location(f"content/{content.article.slug}"),
        "write summary.yaml; content/README.md shows the format",
        Severity.ERROR if order.templates else Severity.WARNING,
    )


def _left_out(
    order: Order, room: TemplateRoom, template: Template, content: Content, *told: Diagnostic
) -> manifest.Entry:
    """Make the manifest's entry of a template that an article is not set with."""
    looked_at = {**dict.fromkeys(template.missed), **template.read}
    return manifest.entry(
        {
            "template": template.name,
            "asked": order.asked(""),
            **delivery.made_from(_inputs(room, content, looked_at, {})),
            "warnings": manifest.told([*(() if order.chatham_house else content.warnings), *told]),
            "read_again": (order.chatham_house and bool(content.warnings)) or None,
        }
    )


@dataclass(frozen=True, slots=True)
class _Design:
    """A template with its look on a paper."""

    template: Template
    paper: str
    theme: theme.Theme
    css: str
    files: Mapping[Path, str]
    """What it was read from, with the sha256 of each."""
    missed: Sequence[Path]
    """What was looked for and not there."""
    fonts: Mapping[str, str]
    """The fonts' files by their names in a manifest, with the sha256 of each."""
    reference: Reference | None
    """The house's Word template."""


def _design(order: Order, template: Template, room: TemplateRoom, paper: str) -> _Design:
    """Read a template's tokens and stylesheets, in the order of the cascade."""
    read_from: dict[Path, str] = {}

    def read(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
        for path in paths:
            shown = room.shown(path)
            text, read_from[path] = contents.read_text(path, shown)
            yield shown, text

    tokens = theme.load(list(read(template.tokens(paper))))
    sheets = list(read(template.sheets(paper)))
    findings = Findings()
    for name, text in sheets:
        findings.extend(check_css(name, text))
    findings.stop_on_errors()
    read_from |= template.read
    missed = [*template.missed, *template.unwritten(paper)]
    fonts = {
        f"{project.FONTS}{face.package}/{font.path.name}": project.sha256_of(font.path)
        for face in tokens.faces
        for font in face.fonts()
    }
    css = "\n".join(text for _, text in sheets)
    reference = _reference(order, template, read_from)
    return _Design(template, paper, tokens, css, read_from, missed, fonts, reference)


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
    missed = [*design.missed]

    def asset(reference: str, at: Location | None) -> Image:
        """Read an image from the first of the template's folders, own first, that has it."""
        own = template.folders[-1]
        folders = [*reversed(template.folders)]
        folder = next((f for f in folders if os.path.isfile(f / reference)), own)
        image = images.read(folder, reference, at or Location(room.shown(folder)))
        missed.extend(f / reference for f in folders[: folders.index(folder)])
        read_from[folder / reference] = image.sha256
        return image

    printed = room.print(template, view, content)
    read_from |= printed.files
    document = _marked(compose(printed, content.images, asset), order.marking)
    if order.with_notes:
        document = notes.noted(document, _notes(content))
    article = content.article.slug
    looked_at = {**dict.fromkeys([*missed, *printed.missed]), **read_from}
    brief = Brief(
        article=article,
        template=template.name,
        part=view.part,
        document=document,
        look=Look(
            theme=design.theme,
            css=design.css,
            paper=design.paper,
            profile=order.profile,
            creep=order.creep,
            places=content.places,
            reference=design.reference,
            for_review=order.for_review,
        ),
        formats=order.formats,
        ledger=manifest.ledger(document, [*content.quotations, *printed.quotations]),
        edition=content.sha256,
        inputs=_inputs(room, content, looked_at, design.fonts),
        asked={format: order.asked(format) for format in order.formats},
        warnings=() if order.chatham_house else content.warnings,  # they name who spoke
        read_again=order.chatham_house and bool(content.warnings),
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
    told = {**_told(order, view, brief), "packages": delivery.packages(brief)}
    carried = archive.attachments(files, brief.ledger, told)
    return dataclasses.replace(brief, look=dataclasses.replace(brief.look, attachments=carried))


def _notes(content: Content) -> list[Comment]:
    """Give an article's editorial notes, each with its place."""
    addresses = (f"article.md#notes.{n}" for n in range(1, len(content.article.notes) + 1))
    places = [content.places.get(Address(address)) for address in addresses]
    noted = zip(content.article.notes, places, strict=True)
    return [Comment(str(note), str(at or "")) for note, at in noted]


def _inputs(
    room: TemplateRoom,
    content: Content,
    looked_at: Mapping[Path, str | None],
    fonts: Mapping[str, str],
) -> dict[str, str | None]:
    """Name what a brief is made from, with hashes; none for what was looked for and not there."""
    inputs: dict[str, str | None] = {**content.inputs, **fonts}
    if content.summary is None:
        article = content.article.slug.removesuffix(f"-{CHATHAM_HOUSE}")
        inputs[f"content/{article}/summary.yaml"] = None
    inputs |= {room.named(path): digest for path, digest in looked_at.items()}
    return dict(sorted(inputs.items()))


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


def _check_names(
    order: Order, standing: Standing, briefs: Sequence[Brief], findings: Findings
) -> None:
    """Report briefs of which one would overwrite the other."""
    taken = {name_of(*file[:3]): file[1] for file in standing.kept}
    for brief in briefs:
        other = taken.setdefault(brief.name, brief.template)
        if other != brief.template:
            findings.error(
                "same-name",
                f"a brief of `{other}` and one of `{brief.template}` "
                f"would both be called `{brief.name}`",
                None,
                "give one template another name, or build one at a time with --template and --out",
            )

"""The steps from content to finished files, in order.

First everything that can be wrong with words is found: every article is loaded,
every template printed and composed, and nothing is imported that only setting
needs. Then the Documents are set, each in its formats, and written.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipeline import archive, chatham, files, freshness, images, manifest, project, theme, tools
from pipeline import content as contents
from pipeline.compose import compose
from pipeline.diagnostics import (
    Diagnostic,
    Findings,
    Location,
    Problems,
    Severity,
    known_names,
    problem,
)
from pipeline.document import Document, Image
from pipeline.freshness import Standing
from pipeline.model import Content
from pipeline.order import CHATHAM_HOUSE, Output, Result
from pipeline.order import Order as Order
from pipeline.order import Usage as Usage
from pipeline.render import Look
from pipeline.selection import Split, Unknown, View, views
from pipeline.setting import Brief, Copy, Made, name_of, set_briefs
from pipeline.stylesheet import check_css
from pipeline.template import Template, TemplateRoom


def build(
    order: Order, progress: Callable[[str, int, int], None], standing: Standing | None = None
) -> Result:
    """Build what was ordered and is not fresh.

    ``progress`` is told how many briefs are done, of how many, and which was the last: first
    ``("", 0, 4)``, then ``("words-per-question", 1, 4)`` … ``standing`` is what ``freshness``
    said of the order, once it was checked.

    Raises Problems when the content or a template has errors (nothing is written
    then) and Usage when the order names what does not exist.
    """
    findings = Findings()
    order = order.checked()
    standing = standing or freshness.look(order)
    findings.extend(standing.warnings)
    loaded = load(order, findings, standing)
    composed = compose_briefs(order, loaded, findings, standing)
    briefs = composed.briefs
    if order.strict and findings.found:
        raise Problems(findings)
    for folder in {order.out / content.article.slug for content in loaded}:
        files.make_folder(folder)
    _note_left_out(order, composed.left_out)
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
        kept=standing.result.kept,
        diagnostics=tuple(findings),
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
    names = _chosen("article", order.articles, known)
    templates = order.templates or project.templates(order.project)
    loaded = []
    for name in names:
        if all((order.published(name), template) in standing.whole for template in templates):
            continue
        try:
            content = contents.load(order.project, name)
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


@dataclass(frozen=True, slots=True)
class Composed:
    """The briefs to be set, and the manifests' entries of what is left out of an order."""

    briefs: Sequence[Brief]
    left_out: Sequence[tuple[Content, manifest.Entry]]


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
    left_out = [(c, _left_out(order, room, t, c)) for t in unfit for c in loaded]
    left_out += [(c, _left_out(order, room, t, c)) for t in templates for c in lacking]
    briefs: list[Brief] = []
    for template in templates:
        stale = [
            (content, parts)
            for content, parts in shown
            if (content.article.slug, template.name) not in standing.whole
        ]
        if not stale:
            continue
        try:
            design = _design(template, room)
        except Problems as problems:
            _gather(findings, problems.diagnostics)
            continue
        for content, parts in stale:
            if "summary" in template.spec.needs and content.summary is None:
                told = _tell_unfit(order, template, content)
                findings.extend([told])
                left_out.append((content, _left_out(order, room, template, content, told)))
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
    return {
        "template": template.name,
        "asked": order.asked(""),
        **_made_from(_inputs(room, content, looked_at, {})),
        "warnings": manifest.told([*content.warnings, *told]),
    }


@dataclass(frozen=True, slots=True)
class _Design:
    """A template with its look."""

    template: Template
    theme: theme.Theme
    css: str
    files: Mapping[Path, str]
    """What it was read from, with the sha256 of each."""
    missed: Sequence[Path]
    """What was looked for and not there."""
    fonts: Mapping[str, str]
    """The fonts' files by their names in a manifest, with the sha256 of each."""


def _design(template: Template, room: TemplateRoom) -> _Design:
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
    read_from |= template.read
    missed = [*template.missed]
    for folder in template.folders:
        files = (folder / name for name in ("theme.yaml", "base.css", "print.css"))
        missed += (path for path in files if path not in read_from)
    fonts = {
        f"{project.FONTS}{face.package}/{font.path.name}": project.sha256_of(font.path)
        for face in tokens.faces
        for font in face.fonts()
    }
    css = "\n".join(text for _, text in sheets)
    return _Design(template, tokens, css, read_from, missed, fonts)


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
            paper=order.paper or content.house.paper,
            profile=order.profile,
            creep=order.creep,
            places=content.places,
        ),
        formats=order.formats,
        ledger=manifest.ledger(document, [*content.quotations, *printed.quotations]),
        edition=content.sha256,
        inputs=_inputs(room, content, looked_at, design.fonts),
        asked={format: order.asked(format) for format in order.formats},
        warnings=content.warnings,
        folder=order.out / article,
    )
    if content.withheld:
        chatham.check(document, brief.ledger, content.inputs, content)
    if order.profile != "archive" or "pdf" not in brief.formats:
        return brief
    files = {os.path.normpath(n): (order.project / n, content.inputs[n]) for n in content.inputs}
    files |= {room.carried(path): (path, read_from[path]) for path in read_from}
    carried = archive.attachments(files, brief.ledger, _told(order, view, brief))
    return dataclasses.replace(brief, look=dataclasses.replace(brief.look, attachments=carried))


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


def _told(order: Order, view: View, brief: Brief) -> Mapping[str, Any]:
    """Say with which options this one brief is made, and with which packages."""
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
        "packages": _packages(brief),
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


# --- writing ----------------------------------------------------------------------------


def _write(brief: Brief, made: Made) -> Sequence[Output]:
    """Write a brief's files, its quote ledger and the manifest that lists them, all at once."""
    if not made.copies:
        return []
    written: dict[Path, bytes] = {}
    outputs: list[Output] = []
    entries: list[manifest.Entry] = []
    for copy in made.copies:
        path = brief.file(copy.format)
        written[path] = copy.data
        output = Output(
            file=str(path),
            article=brief.article,
            template=brief.template,
            part=brief.part,
            format=copy.format,
            profile=brief.profile(copy.format),
            pages=copy.pages,
            bytes=len(copy.data),
            sha256=hashlib.sha256(copy.data).hexdigest(),
            seconds=copy.seconds,
        )
        outputs.append(output)
        entries.append(_entry(brief, copy, output))
    written[brief.ledger_file] = brief.ledger
    with files.locked(brief.folder):
        listed = manifest.written(brief.folder, brief.article, entries)
        files.write({**written, brief.folder / manifest.NAME: listed})
    return outputs


def _entry(brief: Brief, copy: Copy, output: Output) -> manifest.Entry:
    """List a file in the manifest, with all that it was made from."""
    told = dataclasses.asdict(output)
    del told["seconds"], told["article"]
    return {
        **told,
        "file": Path(output.file).name,
        "paper": brief.look.paper,
        "marking": brief.document.meta.marking,
        "edition": brief.edition,
        "ledger": brief.ledger_file.name,
        "ledger_sha256": hashlib.sha256(brief.ledger).hexdigest(),
        "asked": brief.asked[output.format],
        "parts": [part for part in brief.parts if part],
        **_made_from(brief.inputs, _packages(brief)),
        "warnings": manifest.told([*brief.warnings, *copy.diagnostics]),
    }


def _made_from(
    inputs: Mapping[str, str | None], packages: Mapping[str, str] | None = None
) -> dict[str, Any]:
    return {
        "inputs": inputs,
        "packages": packages or tools.packages(),
        "libraries": tools.libraries(),
        "program": tools.program(),
    }


def _packages(brief: Brief) -> Mapping[str, str]:
    """Give the versions of the packages that a brief is set with, its fonts' among them."""
    return tools.packages(face.package.replace("_", "-") for face in brief.look.theme.faces)


def _note_left_out(order: Order, left_out: Iterable[tuple[Content, manifest.Entry]]) -> None:
    """List what is left out in the manifests: the next build need not find it out again."""
    noted: dict[str, list[manifest.Entry]] = {}
    for content, entry in left_out:
        noted.setdefault(content.article.slug, []).append(entry)
    for article, entries in noted.items():
        folder = order.out / article
        with files.locked(folder):
            listed = manifest.written(folder, article, [], entries)
            files.write({folder / manifest.NAME: listed})

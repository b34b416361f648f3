"""One brief: a view of an article, printed, composed and given all that is kept with it."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from pipeline.build import attachments, delivery, provenance
from pipeline.build.account_of_words import find_lacking_words
from pipeline.build.plan_briefs import BriefJob
from pipeline.build.template_look import TemplateLook
from pipeline.build.typeset import Brief, BriefOrigin
from pipeline.content import chatham_house
from pipeline.content.model import Content
from pipeline.content.views import ArticleView
from pipeline.diagnostics import Diagnostic, Location, Severity
from pipeline.document import editor_notes, images
from pipeline.document.tree import Address, Comment, Document, Image
from pipeline.outputs import manifest
from pipeline.project.layout import CHATHAM_HOUSE
from pipeline.render.contract import RenderOptions, RoundTripManifest
from pipeline.request import Request
from pipeline.system.limits import SourceLimits
from pipeline.templating.catalogue import Template, TemplateCatalogue
from pipeline.templating.compose import compose


@dataclass(frozen=True, slots=True)
class _AssetReader:
    """Reads a template's images, and keeps what was read and what was looked for in vain."""

    catalogue: TemplateCatalogue
    folders: tuple[Path, ...]
    """The template's folders, its own last."""
    limits: SourceLimits
    read: dict[Path, str] = field(default_factory=dict)
    missed: list[Path] = field(default_factory=list)

    def read_asset(self, reference: str, at: Location | None) -> Image:
        """Return an image from the first of the folders, own first, that has it."""
        own = self.folders[-1]
        folders = [*reversed(self.folders)]
        folder = next((f for f in folders if os.path.isfile(f / reference)), own)
        at = at or Location(self.catalogue.format_path(folder))
        image = images.read_image(folder, reference, at, self.limits)
        self.missed.extend(f / reference for f in folders[: folders.index(folder)])
        self.read[folder / reference] = image.sha256
        return image


def compose_brief(
    request: Request, catalogue: TemplateCatalogue, look: TemplateLook, job: BriefJob
) -> Brief:
    """Return a brief, composed. Raises Problems for all that is wrong with its words."""
    content = job.content
    assets = _AssetReader(catalogue, look.template.folders, request.limits.sources)
    rendered = catalogue.render_view(look.template, job.view, content)
    document = compose(rendered, content.images, assets.read_asset, request.limits.templates)
    document = _mark_document(document, request.marking)
    if request.with_notes:
        document = editor_notes.attach_notes(document, _collect_notes(content))
    read = {**look.files, **assets.read, **rendered.files}
    missed = [*look.missed, *assets.missed, *rendered.missed]
    looked_at = {**dict.fromkeys(missed), **read}
    article = content.article.slug
    lacking = _account_for_words(catalogue, look.template, job, document, rendered.files)
    brief = Brief(
        article=article,
        template=look.template.name,
        part=job.view.part,
        document=document,
        options=_make_options(request, look, content),
        formats=job.formats,
        folder=request.out / article,
        lacking=lacking,
        origin=BriefOrigin(
            ledger=manifest.dump_quote_ledger(
                document, [*content.quotations, *rendered.quotations]
            ),
            edition=content.sha256,
            inputs=list_inputs(catalogue, content, looked_at, look.fonts),
            requested={
                format: request.list_options(format, content.house.paper) for format in job.formats
            },
            parts=job.parts,
            shown=_list_shown(request, job.view),
            # Under the Chatham House Rule they may name who spoke.
            warnings=() if request.chatham_house else (*content.warnings, *lacking),
            read_again=needs_reading_again(request, content, lacking),
            without_summary=bool(content.summary_errors),
        ),
    )
    if content.redacted_words:
        chatham_house.check_redaction(document, brief.origin.ledger, content.inputs, content)
    elif "docx" in brief.formats and not request.chatham_house:
        named = {catalogue.format_path(f): catalogue.name_embedded(f) for f in rendered.files}
        brief = _attach_roundtrip(request, job, brief, named)
    if request.profile == "archive" and "pdf" in brief.formats:
        named_files = {catalogue.name_embedded(path): (path, read[path]) for path in read}
        brief = _attach_archive(request, job, brief, named_files)
    return brief


def _account_for_words(
    catalogue: TemplateCatalogue,
    template: Template,
    job: BriefJob,
    document: Document,
    files: Mapping[Path, str],
) -> tuple[Diagnostic, ...]:
    """Return what a brief lacks; of a template that an archive kept, it is only warned of."""
    kept = attachments.list_restored_files(catalogue.project)
    read = {catalogue.name_embedded(path): sha for path, sha in {**template.read, **files}.items()}
    is_kept = bool(kept) and read.items() <= kept.items()
    return find_lacking_words(
        template.name,
        template.spec.leaves_out,
        job.view,
        job.content,
        document,
        severity=Severity.WARNING if is_kept else Severity.ERROR,
    )


def _list_shown(request: Request, view: ArticleView) -> dict[str, list[str]]:
    """Return what the part of an article is of: two parts may have one name."""
    shown: dict[str, list[str]] = {}
    if request.questions or request.split == "question":
        shown["questions"] = [question.id for question in view.questions]
    if request.experts or request.split == "expert":
        shown["experts"] = [expert.id for expert in view.experts]
    return shown


def _make_options(request: Request, look: TemplateLook, content: Content) -> RenderOptions:
    return RenderOptions(
        theme=look.theme,
        css=look.css,
        paper=look.paper,
        profile=request.profile,
        creep=request.creep or 0.0,
        places=content.places,
        house_template=look.house_template,
        for_review=request.for_review,
        most_layouts=request.limits.typesetting.layouts,
    )


def needs_reading_again(
    request: Request, content: Content, lacking: Sequence[Diagnostic] = ()
) -> bool:
    """Return whether what was found in the words is found anew each time, for no manifest has it.

    Under the Chatham House Rule a finding may name who spoke; and an error is never fresh.
    """
    return bool(content.summary_errors or (request.chatham_house and (content.warnings or lacking)))


def _collect_notes(content: Content) -> list[Comment]:
    """Return an article's editorial notes, each with its place."""
    addresses = (f"article.md#notes.{n}" for n in range(1, len(content.article.notes) + 1))
    places = [content.places.get(Address(address)) for address in addresses]
    noted = zip(content.article.notes, places, strict=True)
    return [Comment(str(note), str(at or "")) for note, at in noted]


def list_inputs(
    catalogue: TemplateCatalogue,
    content: Content,
    looked_at: Mapping[Path, str | None],
    fonts: Mapping[str, str],
) -> dict[str, str | None]:
    """Return what a brief is made from, with hashes; none for what was looked for and not there."""
    inputs: dict[str, str | None] = {**content.inputs, **fonts}
    if content.summary is None:
        article = content.article.slug.removesuffix(f"-{CHATHAM_HOUSE}")
        inputs.setdefault(f"content/{article}/summary.yaml", None)
    inputs |= {catalogue.name_input(path): digest for path, digest in looked_at.items()}
    return dict(sorted(inputs.items()))


def _mark_document(document: Document, marking: str) -> Document:
    """Mark a Document: on its pages, and among its keywords."""
    meta = document.meta
    keywords = (*meta.keywords, *filter(None, [marking]))
    meta = dataclasses.replace(meta, keywords=keywords, marking=marking)
    return dataclasses.replace(document, meta=meta)


# --- what a file carries for those who get it back -----------------------------------------


def _attach_roundtrip(
    request: Request, job: BriefJob, brief: Brief, templates: Mapping[str, str]
) -> Brief:
    """Return a brief whose DOCX carries what an editor's changes are brought back by.

    Under the Chatham House Rule none does: the content says who spoke.
    """
    options = _record_options(request, job.view, brief)
    del options["profile"]
    roundtrip = RoundTripManifest(
        identity={"brief": metadata.version("briefpack"), **options},
        files=job.content.inputs,
        sources=provenance.list_shown_values(job.content, brief.document),
        templates=templates,
    )
    return dataclasses.replace(
        brief, options=dataclasses.replace(brief.options, roundtrip=roundtrip)
    )


def _attach_archive(
    request: Request, job: BriefJob, brief: Brief, templates: Mapping[str, tuple[Path, str]]
) -> Brief:
    """Return a brief whose PDF carries every file that it is made from."""
    inputs = job.content.inputs
    files = {os.path.normpath(name): (request.project / name, inputs[name]) for name in inputs}
    options = _record_options(request, job.view, brief)
    options["packages"] = delivery.list_brief_packages(brief)
    embedded = attachments.collect_attachments(
        {**files, **templates}, brief.origin.ledger, options, request.limits.archives
    )
    return dataclasses.replace(
        brief, options=dataclasses.replace(brief.options, attachments=embedded)
    )


def _record_options(request: Request, view: ArticleView, brief: Brief) -> dict[str, Any]:
    """Return the options with which this one brief is made."""
    questions, experts = request.questions, request.experts
    if request.split == "question":
        questions = tuple(question.id for question in view.questions)
    elif request.split == "expert":
        experts = tuple(expert.id for expert in view.experts)
    return {
        "article": brief.article,
        "template": brief.template,
        "part": brief.part,
        "profile": request.profile,
        "paper": brief.options.paper,
        "questions": questions,
        "experts": experts,
        "split": request.split or "",
        "marking": brief.document.meta.marking,
        "edition": brief.origin.edition,
    }

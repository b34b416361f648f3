"""One brief: a view of an article, printed, composed and given all that is kept with it."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.build import attachments, delivery, provenance
from pipeline.build.template_look import TemplateLook
from pipeline.build.typeset import Brief
from pipeline.content import chatham_house
from pipeline.content.model import Content
from pipeline.content.views import ArticleView
from pipeline.diagnostics import Location
from pipeline.document import editor_notes, images
from pipeline.document.tree import Address, Comment, Document, Image
from pipeline.outputs import manifest
from pipeline.project.layout import CHATHAM_HOUSE
from pipeline.render.contract import RenderOptions, RoundTripManifest
from pipeline.request import Request
from pipeline.templating.catalogue import TemplateCatalogue
from pipeline.templating.compose import compose


def compose_brief(
    order: Request,
    room: TemplateCatalogue,
    design: TemplateLook,
    content: Content,
    view: ArticleView,
) -> Brief:
    """Print and compose a brief. Raises Problems for all that is wrong with its words."""
    template = design.template
    read_from = dict(design.files)
    missed = [*design.missed]

    def asset(reference: str, at: Location | None) -> Image:
        """Read an image from the first of the template's folders, own first, that has it."""
        own = template.folders[-1]
        folders = [*reversed(template.folders)]
        folder = next((f for f in folders if os.path.isfile(f / reference)), own)
        image = images.read_image(folder, reference, at or Location(room.format_path(folder)))
        missed.extend(f / reference for f in folders[: folders.index(folder)])
        read_from[folder / reference] = image.sha256
        return image

    printed = room.render_view(template, view, content)
    read_from |= printed.files
    document = _mark_document(compose(printed, content.images, asset), order.marking)
    if order.with_notes:
        document = editor_notes.attach_notes(document, _collect_notes(content))
    article = content.article.slug
    looked_at = {**dict.fromkeys([*missed, *printed.missed]), **read_from}
    brief = Brief(
        article=article,
        template=template.name,
        part=view.part,
        document=document,
        options=RenderOptions(
            theme=design.theme,
            css=design.css,
            paper=design.paper,
            profile=order.profile,
            creep=order.creep,
            places=content.places,
            house_template=design.house_template,
            for_review=order.for_review,
        ),
        formats=order.formats,
        ledger=manifest.dump_quote_ledger(document, [*content.quotations, *printed.quotations]),
        edition=content.sha256,
        inputs=list_inputs(room, content, looked_at, design.fonts),
        requested={format: order.list_options(format) for format in order.formats},
        warnings=() if order.chatham_house else content.warnings,  # they name who spoke
        read_again=order.chatham_house and bool(content.warnings),
        folder=order.out / article,
    )
    if content.redacted_words:
        chatham_house.check_redaction(document, brief.ledger, content.inputs, content)
    elif "docx" in brief.formats and not order.chatham_house:
        named = {room.format_path(path): room.name_embedded(path) for path in printed.files}
        look = _add_roundtrip_manifest(order, view, brief, content, named)
        brief = dataclasses.replace(brief, options=look)
    if order.profile != "archive" or "pdf" not in brief.formats:
        return brief
    files = {os.path.normpath(n): (order.project / n, content.inputs[n]) for n in content.inputs}
    files |= {room.name_embedded(path): (path, read_from[path]) for path in read_from}
    told = {**_record_options(order, view, brief), "packages": delivery.list_brief_packages(brief)}
    carried = attachments.collect_attachments(files, brief.ledger, told)
    return dataclasses.replace(
        brief, options=dataclasses.replace(brief.options, attachments=carried)
    )


def _collect_notes(content: Content) -> list[Comment]:
    """Give an article's editorial notes, each with its place."""
    addresses = (f"article.md#notes.{n}" for n in range(1, len(content.article.notes) + 1))
    places = [content.places.get(Address(address)) for address in addresses]
    noted = zip(content.article.notes, places, strict=True)
    return [Comment(str(note), str(at or "")) for note, at in noted]


def list_inputs(
    room: TemplateCatalogue,
    content: Content,
    looked_at: Mapping[Path, str | None],
    fonts: Mapping[str, str],
) -> dict[str, str | None]:
    """Name what a brief is made from, with hashes; none for what was looked for and not there."""
    inputs: dict[str, str | None] = {**content.inputs, **fonts}
    if content.summary is None:
        article = content.article.slug.removesuffix(f"-{CHATHAM_HOUSE}")
        inputs[f"content/{article}/summary.yaml"] = None
    inputs |= {room.name_input(path): digest for path, digest in looked_at.items()}
    return dict(sorted(inputs.items()))


def _mark_document(document: Document, marking: str) -> Document:
    """Mark a Document: on its pages, and among its keywords."""
    meta = document.meta
    keywords = (*meta.keywords, *filter(None, [marking]))
    meta = dataclasses.replace(meta, keywords=keywords, marking=marking)
    return dataclasses.replace(document, meta=meta)


def _add_roundtrip_manifest(
    order: Request, view: ArticleView, brief: Brief, content: Content, templates: Mapping[str, str]
) -> RenderOptions:
    """Give a brief's look with what its DOCX carries for the way back.

    Under the Chatham House Rule there is none: the content says who spoke.
    """
    from importlib import metadata

    told = _record_options(order, view, brief)
    del told["profile"]
    way_back = RoundTripManifest(
        identity={"brief": metadata.version("briefpack"), **told},
        files=content.inputs,
        sources=provenance.list_shown_values(content, brief.document),
        templates=templates,
    )
    return dataclasses.replace(brief.options, roundtrip=way_back)


def _record_options(order: Request, view: ArticleView, brief: Brief) -> dict[str, Any]:
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
        "paper": brief.options.paper,
        "questions": questions,
        "experts": experts,
        "split": order.split or "",
        "marking": brief.document.meta.marking,
        "edition": brief.edition,
    }

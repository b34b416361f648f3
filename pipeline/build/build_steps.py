"""The steps from content to finished files, in order.

First everything that can be wrong with words is found: every article is loaded,
every template printed and composed, and nothing is imported that only setting
needs. Then the Documents are set, each in its formats, and written.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

from pipeline.build import cluster, delivery, template_look
from pipeline.build.compose_brief import compose_brief, list_inputs
from pipeline.build.typeset import Brief, name_brief
from pipeline.build.worker_pool import WorkerPool, typeset_briefs
from pipeline.content import chatham_house, loader
from pipeline.content.model import Content
from pipeline.content.views import ArticleView, UnknownSelection, select_views
from pipeline.diagnostics import Diagnostic, Findings, Location, Problems, Severity, make_problem
from pipeline.look import theme
from pipeline.outputs import freshness, manifest
from pipeline.outputs.cache import Cache
from pipeline.outputs.freshness import BuildState
from pipeline.project import layout
from pipeline.project.layout import Split
from pipeline.request import BuildResult, Output, Request, UsageError, choose_names
from pipeline.system import atomic_write
from pipeline.templating.catalogue import Template, TemplateCatalogue


def run(
    order: Request,
    progress: Callable[[str, int, int], None],
    standing: BuildState | None = None,
    crew: WorkerPool | None = None,
) -> BuildResult:
    """Build what was ordered and is not fresh.

    ``progress`` is told how many briefs are done, of how many, and which was the last: first
    ``("", 0, 4)``, then ``("words-per-question", 1, 4)`` … ``standing`` is what ``freshness``
    said of the order, once it was checked, ``crew`` are processes that were started to set it.

    Raises Problems when the content or a template has errors (nothing is written
    then) and Usage when the order names what does not exist.
    """
    findings = Findings()
    order = order.validate_options()
    standing = standing or freshness.check_freshness(order)
    loaded = load_articles(order, findings, standing)
    composed = compose_briefs(order, loaded, findings, standing)
    briefs = composed.briefs
    if order.strict and findings.found:
        raise Problems(findings)
    for folder in {order.out / content.article.slug for content in loaded}:
        atomic_write.make_folder(folder)
    cache = Cache(order.cache) if order.cache else None
    for article, entries in composed.left_out.items():
        delivery.note_left_out(order.out / article, article, entries, cache)
    progress("", 0, len(briefs))
    outputs: list[Output] = []
    found: dict[Path, Sequence[Diagnostic]] = {}
    setting = (
        cluster.typeset_on_cluster(briefs, order.scheduler, order.strict)
        if order.scheduler
        else typeset_briefs(briefs, order.jobs, order.strict, crew)
    )
    with closing(setting):
        for done, (brief, made) in enumerate(setting, 1):
            found[brief.stem] = made.diagnostics
            try:
                written = delivery.deliver_brief(brief, made)
                outputs += (file.output for file in written)
                delivery.cache_files(written, cache)
            except Problems as problems:
                found[brief.stem] = [*made.diagnostics, *problems.diagnostics]
            progress(brief.name, done, len(briefs))
    if cache:
        cache.trim()
    told = Findings([*standing.warnings])
    for group in ([*findings], *(found[brief.stem] for brief in briefs)):
        _add_new_findings(told, group)
    return BuildResult(
        outputs=tuple(sorted(outputs, key=lambda output: output.file)),
        kept=standing.result.kept,
        diagnostics=tuple(told),
    )


def _add_new_findings(findings: Findings, found: Iterable[Diagnostic]) -> None:
    """Add what was found, once: several briefs are made from the same files."""
    findings.extend([d for d in found if d not in findings.found])


# --- what can be wrong with words -------------------------------------------------------


NOTHING_KEPT: Final = BuildState()


def load_articles(
    order: Request, findings: Findings, standing: BuildState = NOTHING_KEPT
) -> tuple[Content, ...]:
    """Load the articles that are not fresh, and report all that is wrong with any of them."""
    known = loader.require_articles(order.project)
    names = choose_names("article", order.articles, known)
    templates = order.templates or layout.list_templates(order.project)
    loaded = []
    for name in names:
        if all(
            (order.to_published_name(name), template) in standing.whole for template in templates
        ):
            continue
        try:
            content = loader.load_content(order.project, name, comments=order.with_notes)
            if order.chatham_house:
                content = chatham_house.redact_content(content)
        except Problems as problems:
            _add_new_findings(findings, problems.diagnostics)
        else:
            loaded.append(content)
            _add_new_findings(findings, content.warnings)
    return tuple(loaded)


@dataclass(frozen=True, slots=True)
class ComposedBriefs:
    """The briefs to be set, and the manifests' entries of what is left out of an order."""

    briefs: Sequence[Brief]
    left_out: Mapping[str, Sequence[manifest.ManifestEntry]]
    """By the article, as it is published."""


def compose_briefs(
    order: Request,
    loaded: Sequence[Content],
    findings: Findings,
    standing: BuildState = NOTHING_KEPT,
) -> ComposedBriefs:
    """Print and compose every brief that is not fresh, and report what is wrong with templates."""
    room = TemplateCatalogue(order.project)
    templates, unfit = _choose_templates(order, room, findings)
    shown, lacking = _choose_views(order, loaded, findings, standing)
    left_out = defaultdict[str, list[manifest.ManifestEntry]](list)
    for template, content in (*product(unfit, loaded), *product(templates, lacking)):
        left_out[content.article.slug].append(_make_left_out_entry(order, room, template, content))
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
            design = template_look.read_template_look(order, template, room, paper)
        except Problems as problems:
            _add_new_findings(findings, problems.diagnostics)
            continue
        for content, parts in stale:
            if "summary" in template.spec.needs and content.summary is None:
                told = _report_unfit(order, template, content)
                findings.extend([told])
                omitted = _make_left_out_entry(order, room, template, content, told)
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
                    brief = compose_brief(order, room, design, content, view)
                except Problems as problems:
                    _add_new_findings(findings, problems.diagnostics)
                else:
                    briefs.append(dataclasses.replace(brief, formats=formats, parts=tuple(names)))
    _check_names(order, standing, briefs, findings)
    findings.stop_on_errors()
    return ComposedBriefs(briefs, left_out)


def _choose_templates(
    order: Request, room: TemplateCatalogue, findings: Findings
) -> tuple[Sequence[Template], Sequence[Template]]:
    """Choose the templates: those named, or all that can show what was asked for.

    Gives those that cannot as well.
    """
    found: list[Template] = []
    for name in choose_names("template", order.templates, room.list_names()):
        try:
            found.append(room.get_template(name))
        except Problems as problems:
            _add_new_findings(findings, problems.diagnostics)
    parts: list[Split] = []
    if order.questions or order.split == "question":
        parts.append("question")
    if order.experts or order.split == "expert":
        parts.append("expert")
    fitting = [template for template in found if template.can_split_by(*parts)]
    unfit = [template for template in found if template not in fitting]
    if unfit and (order.templates or not fitting):
        lacking = [part for part in parts if not unfit[0].can_split_by(part)]
        raise UsageError(
            make_problem(
                "not-divisible",
                f"`{unfit[0].name}` has no parts by {' and '.join(lacking)}",
                None,
                "`brief list` shows which templates have parts",
            ).diagnostics
        )
    return fitting, unfit


def _choose_views(
    order: Request, loaded: Sequence[Content], findings: Findings, standing: BuildState
) -> tuple[Sequence[tuple[Content, tuple[ArticleView, ...]]], Sequence[Content]]:
    """Choose what to show of each article, and give the articles that are left out as well.

    One that lacks a question or an expert is left out, unless it was named or all do.
    """
    shown: list[tuple[Content, tuple[ArticleView, ...]]] = []
    lacking: list[Content] = []
    reason: UnknownSelection | None = None
    for content in loaded:
        try:
            chosen = select_views(
                content, questions=order.questions, experts=order.experts, split=order.split
            )
            shown.append((content, chosen))
        except UnknownSelection as unknown:
            lacking.append(content)
            reason = reason or unknown
    if reason and (order.articles or not (shown or standing.kept)):
        findings.stop_on_errors()
        raise UsageError(reason.diagnostics)
    return shown, lacking


def _report_unfit(order: Request, template: Template, content: Content) -> Diagnostic:
    """Say that an article lacks what a template needs: an error if the template was named."""
    return Diagnostic(
        "template-needs",
        f"`{template.name}` needs a summary, `{content.article.slug}` has none",
        Location(f"content/{content.article.slug}"),
        "write summary.yaml; content/README.md shows the format",
        Severity.ERROR if order.templates else Severity.WARNING,
    )


def _make_left_out_entry(
    order: Request, room: TemplateCatalogue, template: Template, content: Content, *told: Diagnostic
) -> manifest.ManifestEntry:
    """Make the manifest's entry of a template that an article is not set with."""
    looked_at = {**dict.fromkeys(template.missed), **template.read}
    return manifest.make_entry(
        {
            "template": template.name,
            "asked": order.list_options(""),
            **delivery.describe_origin(list_inputs(room, content, looked_at, {})),
            "warnings": manifest.dump_findings(
                [*(() if order.chatham_house else content.warnings), *told]
            ),
            "read_again": (order.chatham_house and bool(content.warnings)) or None,
        }
    )


def _check_names(
    order: Request, standing: BuildState, briefs: Sequence[Brief], findings: Findings
) -> None:
    """Report briefs of which one would overwrite the other."""
    taken = {name_brief(*file[:3]): file[1] for file in standing.kept}
    for brief in briefs:
        other = taken.setdefault(brief.name, brief.template)
        if other != brief.template:
            findings.add_error(
                "same-name",
                f"a brief of `{other}` and one of `{brief.template}` "
                f"would both be called `{brief.name}`",
                None,
                "give one template another name, or build one at a time with --template and --out",
            )

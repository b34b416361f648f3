"""What is to be composed: which template shows which view of which article, in which formats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from pipeline.content.model import Content
from pipeline.content.views import ArticleView, UnknownSelection, select_views
from pipeline.diagnostics import (
    Diagnostic,
    Findings,
    Location,
    Severity,
)
from pipeline.outputs.freshness import BuildState
from pipeline.project.choices import Split
from pipeline.request import Request, UsageError, choose_names, make_usage_error
from pipeline.templating.catalogue import Template, TemplateCatalogue

ShownArticle: TypeAlias = tuple[Content, tuple[ArticleView, ...]]
"""An article with the views of it that were asked for."""


@dataclass(frozen=True, slots=True)
class BriefJob:
    """One brief to compose."""

    content: Content
    view: ArticleView
    formats: tuple[str, ...]
    """The formats that are neither fresh nor left."""
    parts: tuple[str, ...]
    """All parts of the article that were asked for with this one."""


@dataclass(frozen=True, slots=True)
class Omission:
    """A template that an article is not set with, and why if nobody asked for less."""

    template: Template
    content: Content
    finding: Diagnostic | None = None
    is_error: bool = False
    """Whether an error is why, which may stand elsewhere."""


@dataclass(frozen=True, slots=True)
class TemplatePlan:
    """A template that is to be read, with what is to be composed with it, in order."""

    template: Template
    steps: tuple[BriefJob | Omission, ...]


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """All that a build composes, and what the request itself leaves out."""

    templates: tuple[TemplatePlan, ...]
    omissions: tuple[Omission, ...]


def plan_briefs(
    request: Request,
    catalogue: TemplateCatalogue,
    contents: Sequence[Content],
    state: BuildState,
    findings: Findings,
) -> BuildPlan:
    """Return what is to be composed of the articles that were loaded.

    Raises:
        UsageError: A name that was asked for does not exist, or has no such parts.
    """
    fitting, unfit = _choose_templates(request, catalogue, findings)
    shown, lacking = _choose_views(request, contents, state, findings)
    left_out = (*product(unfit, contents), *product(fitting, lacking))
    return BuildPlan(
        tuple(_plan_templates(request, fitting, shown, state)),
        tuple(Omission(template, content) for template, content in left_out),
    )


def _plan_templates(
    request: Request,
    templates: Sequence[Template],
    shown: Sequence[ShownArticle],
    state: BuildState,
) -> Iterator[TemplatePlan]:
    """Plan each template of which something is not fresh.

    Where no article can be shown, all are read all the same: they may have errors of their own.
    """
    for template in templates:
        stale = [
            (content, views)
            for content, views in shown
            if (content.article.slug, template.name) not in state.whole
        ]
        if stale or not shown:
            steps = (
                step
                for content, views in stale
                for step in _plan_article(request, template, content, views, state)
            )
            yield TemplatePlan(template, tuple(steps))


def _plan_article(
    request: Request,
    template: Template,
    content: Content,
    views: Sequence[ArticleView],
    state: BuildState,
) -> Iterator[BriefJob | Omission]:
    """Plan the briefs of one article with one template."""
    if "summary" in template.spec.needs and content.summary is None:
        if content.summary_errors:
            yield Omission(template, content, is_error=True)
        else:
            finding = _report_unfit(request, template, content)
            yield Omission(template, content, finding, finding.is_error)
        return
    parts = tuple(view.part for view in views)
    for view in views:
        file = (content.article.slug, template.name, view.part)
        formats = tuple(
            f for f in dict.fromkeys(request.formats) if (*file, f) not in state.settled
        )
        if formats:
            yield BriefJob(content, view, formats, parts)


def _report_unfit(request: Request, template: Template, content: Content) -> Diagnostic:
    """Report that an article lacks what a template needs: an error if the template was named."""
    return Diagnostic(
        "template-needs",
        f"`{template.name}` needs a summary, `{content.article.slug}` has none",
        Location(f"content/{content.article.slug}"),
        "write summary.yaml; content/README.md shows the format",
        Severity.ERROR if request.templates else Severity.WARNING,
    )


def _choose_templates(
    request: Request, catalogue: TemplateCatalogue, findings: Findings
) -> tuple[Sequence[Template], Sequence[Template]]:
    """Choose the templates: those named, or all that can show what was asked for.

    Return those that cannot as well.
    """
    found: list[Template] = []
    for name in choose_names("template", request.templates, catalogue.list_names()):
        with findings.collecting():
            found.append(catalogue.get_template(name))
    parts: list[Split] = []
    if request.questions or request.split == "question":
        parts.append("question")
    if request.experts or request.split == "expert":
        parts.append("expert")
    fitting = [template for template in found if template.can_split_by(*parts)]
    unfit = [template for template in found if template not in fitting]
    if unfit and (request.templates or not fitting):
        lacking = [part for part in parts if not unfit[0].can_split_by(part)]
        raise make_usage_error(
            "not-divisible",
            f"`{unfit[0].name}` has no parts by {' and '.join(lacking)}",
            "`brief list` shows which templates have parts",
        )
    return fitting, unfit


def _choose_views(
    request: Request, contents: Sequence[Content], state: BuildState, findings: Findings
) -> tuple[Sequence[ShownArticle], Sequence[Content]]:
    """Choose what to show of each article, and return the articles that are left out as well.

    One that lacks a question or an expert is left out, unless it was named or all do.
    """
    shown: list[ShownArticle] = []
    lacking: list[Content] = []
    reason: UnknownSelection | None = None
    for content in contents:
        try:
            views = select_views(
                content, questions=request.questions, experts=request.experts, split=request.split
            )
            shown.append((content, views))
        except UnknownSelection as unknown:
            lacking.append(content)
            reason = reason or unknown
    if reason and (request.articles or not (shown or state.settled)):
        findings.stop_on_errors()
        raise UsageError(reason.diagnostics)
    return shown, lacking

"""The briefs of a request: loaded, planned, composed, set and delivered, in that order.

First everything that can be wrong with words is found: every article is loaded, every template
printed and composed, and nothing is imported that only setting needs. Then the Documents that
nothing is wrong with are set, each in its formats, and written. An error stops the briefs that
depend on it, and no others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Final

from pipeline.build import cluster, delivery
from pipeline.build.compose_brief import compose_brief, list_inputs, needs_reading_again
from pipeline.build.plan_briefs import BriefJob, BuildPlan, Omission, TemplatePlan, plan_briefs
from pipeline.build.template_look import TemplateLook, read_template_look
from pipeline.build.typeset import Brief, TypesetResult
from pipeline.build.worker_pool import WorkerPool, typeset_briefs
from pipeline.content import chatham_house, loader
from pipeline.content.model import Content
from pipeline.diagnostics import Diagnostic, Findings
from pipeline.look import theme
from pipeline.outputs import manifest
from pipeline.outputs.cache import Cache
from pipeline.outputs.freshness import BuildState
from pipeline.outputs.manifest import ManifestEntry
from pipeline.project import file_names, layout
from pipeline.request import BuildResult, Output, Progress, Request, choose_names
from pipeline.system import atomic_write
from pipeline.templating.catalogue import TemplateCatalogue

NOTHING_FRESH: Final = BuildState()


def build_briefs(
    request: Request, state: BuildState, progress: Progress, pool: WorkerPool | None
) -> BuildResult:
    """Build what is not fresh; the request was validated.

    ``pool`` are processes that were started to set it. Raises what ``build_steps.run`` does.
    """
    findings = Findings()
    contents = load_articles(request, findings, state, needs_summary=False)
    composed = compose_briefs(request, contents, findings, state, must_account=True)
    composed = _make_folders(request, composed, findings)
    cache = Cache(request.cache, request.limits.cache_bytes) if request.cache else None
    for article, entries in composed.left_out.items():
        delivery.note_left_out(request.out / article, article, entries, cache)
    delivered = _set_and_deliver(request, composed.briefs, progress, pool, cache)
    if cache:
        cache.trim()
    reported = Findings([*state.result.diagnostics])
    for found in ([*findings], *(delivered.found[brief.stem] for brief in composed.briefs)):
        reported.add_new(found)
    return BuildResult(
        outputs=tuple(sorted(delivered.outputs, key=lambda output: output.file)),
        kept=state.result.kept,
        left=tuple(sorted({*state.result.left, *delivered.left})),
        not_built=tuple(sorted({*composed.failed, *delivered.failed})),
        diagnostics=tuple(reported),
    )


# --- what can be wrong with words -------------------------------------------------------


def load_articles(
    request: Request,
    findings: Findings,
    state: BuildState = NOTHING_FRESH,
    *,
    needs_summary: bool = True,
) -> tuple[Content, ...]:
    """Load the articles that are not fresh, and report all that is wrong with any of them.

    Return those without errors; without ``needs_summary``, errors of a summary are none of them.
    """
    known = loader.require_articles(request.project)
    templates = request.templates or layout.list_templates(request.project)
    loaded: list[Content] = []
    for name in choose_names("article", request.articles, known):
        published = request.to_published_name(name)
        if all((published, template) in state.whole for template in templates):
            continue
        with findings.collecting():
            content = loader.load_content(
                request.project,
                name,
                comments=request.with_notes,
                needs_summary=needs_summary,
                limits=request.limits.sources,
            )
            if request.chatham_house:
                content = chatham_house.redact_content(content)
            loaded.append(content)
            findings.add_new([*content.warnings, *content.summary_errors])
    return tuple(loaded)


@dataclass(frozen=True, slots=True)
class ComposedBriefs:
    """The briefs to be set, and the manifests' entries of what is left out of a request."""

    briefs: Sequence[Brief]
    left_out: Mapping[str, Sequence[ManifestEntry]]
    """By the article, as it is published."""
    failed: Sequence[str]
    """The names of the briefs that errors stop."""


def compose_briefs(
    request: Request,
    contents: Sequence[Content],
    findings: Findings,
    state: BuildState = NOTHING_FRESH,
    *,
    must_account: bool = False,
) -> ComposedBriefs:
    """Compose every brief that is not fresh, and report what is wrong with templates.

    Where a brief ``must_account`` for every word, what it lacks is reported as well. A brief that
    was made before is composed again as it was.

    Raises UsageError for a name that does not exist, or has no such parts.
    """
    catalogue = TemplateCatalogue(request.project, request.limits)
    plan = plan_briefs(request, catalogue, contents, state, findings)
    # All articles have one house; where none could be loaded, its paper is not known.
    papers: list[str] = [*(content.house.paper for content in contents), *theme.PAPER]
    paper = request.paper or papers[0]
    briefs: list[Brief] = []
    omissions = [*plan.omissions]
    for template_plan in plan.templates:
        with findings.collecting():
            look = read_template_look(request, template_plan.template, catalogue, paper)
            omissions += (s for s in template_plan.steps if isinstance(s, Omission))
            briefs += _compose_jobs(request, catalogue, look, template_plan, findings)
    clashing = _find_clashes(state, briefs, findings)
    to_set = [brief for brief in briefs if brief.name not in clashing]
    if must_account:
        for brief in to_set:
            findings.add_new(brief.lacking)
        to_set = [brief for brief in to_set if not any(found.is_error for found in brief.lacking)]
    if request.strict:
        odd = {content.article.slug for content in contents if content.warnings}
        to_set = [brief for brief in to_set if not (brief.article in odd or brief.lacking)]
    left_out = defaultdict[str, list[ManifestEntry]](list)
    for omission in omissions:
        if not omission.is_error:
            entry = _make_left_out_entry(request, catalogue, omission)
            left_out[omission.content.article.slug].append(entry)
    to_set = [brief for brief in to_set if not _would_lose_summary(brief)]
    _report_lacking_summaries(contents, state, to_set, findings)
    failed = _list_failed(request, state, plan, to_set, omissions)
    return ComposedBriefs(to_set, left_out, failed)


def _would_lose_summary(brief: Brief) -> bool:
    """Return whether a brief does without a broken summary, where files of it that have one are.

    All files of a brief share its quote ledger, so not one of them is written.
    """
    return brief.origin.without_summary and any(
        entry["ledger"] == brief.ledger_file.name
        and manifest.has_summary(entry)
        and (brief.folder / entry["file"]).is_file()
        for entry in manifest.read_manifest(brief.folder).outputs
    )


def _report_lacking_summaries(
    contents: Sequence[Content], state: BuildState, to_set: Sequence[Brief], findings: Findings
) -> None:
    """Report each article of which briefs are built without its summary, for that has errors."""
    built = {brief.article for brief in to_set} | {article for article, *_ in state.settled}
    for content in contents:
        if content.summary_errors and content.article.slug in built:
            findings.add_warning(
                "without-summary",
                f"the briefs of `{content.article.slug}` that can do without its summary"
                " are built without it",
                next(found.at for found in content.summary_errors if found.is_error),
                "put summary.yaml right and build again",
            )


def _list_failed(
    request: Request,
    state: BuildState,
    plan: BuildPlan,
    to_set: Sequence[Brief],
    omissions: Sequence[Omission],
) -> list[str]:
    """Name the briefs that errors stop; of an article or template that cannot be read, the whole.

    Whatever was asked for and is neither fresh, nor to be set, nor left out is one of them.
    """
    articles = request.articles or layout.list_articles(request.project)
    templates = request.templates or layout.list_templates(request.project)
    planned = {
        (step.content.article.slug, template_plan.template.name, step.view.part)
        for template_plan in plan.templates
        for step in template_plan.steps
        if isinstance(step, BriefJob)
    }
    failed = planned - {(brief.article, brief.template, brief.part) for brief in to_set}
    seen = {(article, template) for article, template, _ in planned} | state.whole
    seen |= {(article, template) for article, template, *_ in state.settled}
    seen |= {(o.content.article.slug, o.template.name) for o in omissions if not o.is_error}
    for article, template in product(map(request.to_published_name, articles), templates):
        if (article, template) not in seen:
            failed.add((article, template, ""))
    return [file_names.name_brief(*brief) for brief in failed]


def _compose_jobs(
    request: Request,
    catalogue: TemplateCatalogue,
    look: TemplateLook,
    plan: TemplatePlan,
    findings: Findings,
) -> list[Brief]:
    """Compose what is planned with one template; what it leaves out is reported in its turn."""
    briefs: list[Brief] = []
    for step in plan.steps:
        match step:
            case BriefJob():
                with findings.collecting():
                    briefs.append(compose_brief(request, catalogue, look, step))
            case Omission():
                findings.extend([step.finding] if step.finding else [])
    return briefs


def _make_left_out_entry(
    request: Request, catalogue: TemplateCatalogue, omission: Omission
) -> ManifestEntry:
    """Make the manifest's entry of a template that an article is not set with."""
    template, content = omission.template, omission.content
    looked_at = {**dict.fromkeys(template.missed), **template.read}
    reported = () if request.chatham_house else content.warnings
    if omission.finding:
        reported = (*reported, omission.finding)
    return manifest.make_entry(
        {
            "template": template.name,
            "asked": request.list_options(""),
            **delivery.describe_origin(list_inputs(catalogue, content, looked_at, {})),
            "warnings": manifest.dump_findings(reported),
            "read_again": needs_reading_again(request, content) or None,
        }
    )


def _find_clashes(state: BuildState, briefs: Sequence[Brief], findings: Findings) -> set[str]:
    """Report briefs of which one would overwrite the other, and return their names."""
    clashing: set[str] = set()
    taken = {file_names.name_brief(*file[:3]): file[1] for file in state.settled}
    for brief in briefs:
        other = taken.setdefault(brief.name, brief.template)
        if other != brief.template:
            clashing.add(brief.name)
            findings.add_error(
                "same-name",
                f"a brief of `{other}` and one of `{brief.template}` "
                f"would both be called `{brief.name}`",
                None,
                "give one template another name, or build one at a time with --template and --out",
            )
    return clashing


def _make_folders(request: Request, composed: ComposedBriefs, findings: Findings) -> ComposedBriefs:
    """Make the folders to write into; return what can be written, and report the rest."""
    writable: set[str] = set()
    for article in dict.fromkeys([*composed.left_out, *(b.article for b in composed.briefs)]):
        with findings.collecting():
            atomic_write.make_folder(request.out / article)
            writable.add(article)
    unwritable = [brief.name for brief in composed.briefs if brief.article not in writable]
    return ComposedBriefs(
        [brief for brief in composed.briefs if brief.article in writable],
        {article: listed for article, listed in composed.left_out.items() if article in writable},
        [*composed.failed, *unwritable],
    )


# --- setting ----------------------------------------------------------------------------


@dataclass(slots=True)
class _Delivered:
    """The files that were written, and what was found on each brief's pages, by its stem."""

    outputs: list[Output] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """The files that were edited, and not written over."""
    failed: list[str] = field(default_factory=list)
    """The names of the briefs that errors stopped, on their pages or at the disk."""
    found: dict[Path, Sequence[Diagnostic]] = field(default_factory=dict)


def _set_and_deliver(
    request: Request,
    briefs: Sequence[Brief],
    progress: Progress,
    pool: WorkerPool | None,
    cache: Cache | None,
) -> _Delivered:
    """Set briefs and write each as soon as it is set."""
    delivered = _Delivered()
    progress("", 0, len(briefs))
    with closing(_typeset(request, briefs, pool)) as typesetting:
        for done, (brief, result) in enumerate(typesetting, 1):
            findings = Findings([*result.diagnostics])
            became = delivery.Delivery()
            with findings.collecting():
                became = delivery.deliver_brief(brief, result, force=request.force)
                delivered.outputs += became.written
                delivered.left += (str(edited.path) for edited in became.left)
                findings.extend(edited.report() for edited in became.left)
                delivery.cache_files(became.files, cache)
            if len(became.files) < len(brief.formats):
                delivered.failed.append(brief.name)
            delivered.found[brief.stem] = findings.found
            progress(brief.name, done, len(briefs))
    return delivered


def _typeset(
    request: Request, briefs: Sequence[Brief], pool: WorkerPool | None
) -> Generator[tuple[Brief, TypesetResult], None, None]:
    """Choose who sets the briefs: a cluster, processes here, or this one."""
    limits = request.limits.typesetting
    if request.scheduler:
        return cluster.typeset_on_cluster(briefs, request.scheduler, request.strict, limits)
    return typeset_briefs(briefs, request.jobs, request.strict, pool, limits)

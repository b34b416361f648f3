"""Two editions of a brief, wherever they are kept, and the changes between them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pipeline.build import build_briefs
from pipeline.build.typeset import Brief
from pipeline.content.model import Content
from pipeline.content.views import select_views
from pipeline.diagnostics import Findings
from pipeline.document.tree import Document, PageBreak, map_children
from pipeline.render.contract import load_renderer
from pipeline.request import Progress, Request, ignore_progress, make_usage_error
from pipeline.review import git
from pipeline.review.match import manifest_reader
from pipeline.review.redline import write_redline
from pipeline.review.redline.block_writer import Signature
from pipeline.review.redline.change_list import Comparison, Edition, compare_editions
from pipeline.system import atomic_write
from pipeline.system.limits import DEFAULT_LIMITS, Limits
from pipeline.templating.catalogue import TemplateCatalogue
from pipeline.templating.compose import compose
from pipeline.templating.variables import FINGERPRINT
from pipeline.word.opc import open_package


@dataclass(frozen=True, slots=True, kw_only=True)
class RedlineRequest:
    """What to compare."""

    project: Path
    old: str
    new: str
    """Each a DOCX, a git revision with an article as ``v1:words``, or a folder of content."""
    template: str = ""
    """The template of what is no DOCX; that of the other one if empty."""
    signed: Signature
    format: str
    """``docx``, with tracked changes; or ``pdf``, with a first page that lists what changed."""
    out: Path
    limits: Limits = DEFAULT_LIMITS


def run(
    request: RedlineRequest,
    progress: Progress = ignore_progress,
    findings: Findings | None = None,
) -> Path:
    """Write the newer edition with its changes; return the file.

    What could not be written as a change goes into ``findings``, as a warning.

    Raises Problems, and UsageError for a name that is none of the three.
    """
    with tempfile.TemporaryDirectory(prefix="brief-") as name:
        template = request.template or _find_template(request)
        told = Findings() if findings is None else findings
        data = _REDLINES[request.format](request, template, Path(name), progress, told)
    atomic_write.make_folder(request.out.parent)
    atomic_write.write_files({request.out: data})
    progress(request.out.name, _STEPS, _STEPS)
    return request.out


def _find_template(request: RedlineRequest) -> str:
    """Return the template of the one that is a DOCX, if the other is none."""
    given = [name for name in (request.old, request.new) if name.endswith(".docx")]
    if len(given) == 1:
        package = open_package(Path(given[0]), given[0], request.limits.packages)
        return manifest_reader.read_sent_brief(package).template
    return ""


def _redline_docx(
    request: RedlineRequest, template: str, folder: Path, progress: Progress, findings: Findings
) -> bytes:
    """Return the newer edition with its changes tracked."""
    paths = []
    for done, (side, name) in enumerate((("old", request.old), ("new", request.new)), start=1):
        path = Path(name)
        if not name.endswith(".docx"):
            _, brief = _load_edition(name, request, template, folder / side)
            path = folder / f"{side}.docx"
            path.write_bytes(load_renderer("docx")(brief.document, brief.options).data)
        paths.append(path)
        progress(name, done, _STEPS)
    old, new = paths
    return write_redline.write_redline(old, new, request.signed, request.limits.packages, findings)


def _redline_pdf(
    request: RedlineRequest, template: str, folder: Path, progress: Progress, findings: Findings
) -> bytes:
    """Return the newer edition with bars beside what changed, and a first page that lists it."""
    for name in (request.old, request.new):
        if name.endswith(".docx"):
            raise make_usage_error(
                "no-content",
                f"`{name}` is a DOCX, and the PDF is made of content",
                "name two revisions with an article such as v1:words, or folders of content",
            )
    was, before = _load_edition(request.old, request, template, folder / "old")
    progress(request.old, 1, _STEPS)
    now, after = _load_edition(request.new, request, template, folder / "new")
    progress(request.new, 2, _STEPS)
    compared = compare_editions(
        Edition(before.document, was.sha256[:FINGERPRINT]),
        Edition(after.document, now.sha256[:FINGERPRINT]),
    )
    first = _compose_changes(request, template, now, compared)
    marked = compared.marked
    document = replace(marked, children=(*first.children, PageBreak(), *marked.children))
    rendered = load_renderer("pdf")(document, after.options)
    findings.extend(rendered.diagnostics)
    return rendered.data


_REDLINES: Final[Mapping[str, Callable[[RedlineRequest, str, Path, Progress, Findings], bytes]]] = {
    "docx": _redline_docx,
    "pdf": _redline_pdf,
}
_STEPS: Final = 3
"""What progress counts: the two editions, and the file."""


def _compose_changes(
    request: RedlineRequest, template: str, now: Content, compared: Comparison
) -> Document:
    """Compose the page that lists what changed."""
    catalogue = TemplateCatalogue(request.project, request.limits)
    page = replace(catalogue.get_template(template), document="_shared/changes.html.j2")
    (view,) = select_views(now)
    html = catalogue.render_view(page, view, now, {"places": compared.group_places()})
    composed = compose(html, {}, lambda name, at: now.images[name], request.limits.templates)
    return replace(composed, children=tuple(map(_rename_ids, composed.children)))


def _rename_ids(node: Any) -> Any:
    """Give the nodes of the first page ids that the brief after it does not have."""
    renamed = map_children(node, _rename_ids)
    if not getattr(renamed, "id", ""):
        return renamed
    return replace(renamed, id=f"changes-{renamed.id}")


def _load_edition(
    name: str, request: RedlineRequest, template: str, folder: Path
) -> tuple[Content, Brief]:
    """Load an edition that is content, and compose its brief."""
    revision, colon, slug = name.rpartition(":")
    if colon and slug:
        folder.mkdir()
        git.checkout_revision(request.project, revision, folder)
        project = folder
    elif (Path(name) / "article.md").is_file():
        path = Path(name).resolve()
        project, slug = path.parent.parent, path.name
    else:
        raise make_usage_error(
            "no-edition",
            f"`{name}` is no brief and no content",
            "name a DOCX, a revision with an article such as v1:words, "
            "or a folder such as content/words",
        )
    if not template:
        raise make_usage_error(
            "no-template",
            f"`{name}` is content, which a brief is made of",
            "say which brief, with --template",
        )
    build_request = Request(
        project=project,
        out=project / "out",
        articles=(slug,),
        templates=(template,),
        formats=("docx",),
        limits=request.limits,
    )
    findings = Findings()
    loaded_articles = build_briefs.load_articles(build_request, findings)
    findings.stop_on_errors()
    (loaded,) = loaded_articles
    briefs = build_briefs.compose_briefs(build_request, (loaded,), findings).briefs
    findings.stop_on_errors()
    (brief,) = briefs
    return loaded, brief

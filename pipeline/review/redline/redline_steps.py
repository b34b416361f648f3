"""Two editions of a brief, wherever they are kept, and the changes between them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.build import build_steps
from pipeline.build.typeset import Brief
from pipeline.content.model import Content
from pipeline.content.views import select_views
from pipeline.diagnostics import Findings, make_problem
from pipeline.document.tree import PageBreak
from pipeline.render.contract import load_renderer
from pipeline.request import Request, UsageError
from pipeline.review import git
from pipeline.review.match import sent_brief
from pipeline.review.redline import write_redline
from pipeline.review.redline.change_list import compare_editions, mark_changes
from pipeline.review.redline.write_redline import Signature
from pipeline.system import atomic_write
from pipeline.templating.catalogue import TemplateCatalogue
from pipeline.templating.compose import compose
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
    """``docx``, with tracked changes; or ``pdf``, with a first page that says what changed."""
    out: Path


def run(order: RedlineRequest) -> Path:
    """Write the newer edition with its changes; gives the file.

    Raises Problems, and Usage for a name that is none of the three.
    """
    with tempfile.TemporaryDirectory(prefix="brief-") as name:
        folder = Path(name)
        template = order.template or _find_template(order)
        made = (_redline_pdf if order.format == "pdf" else _redline_docx)(order, template, folder)
    atomic_write.make_folder(order.out.parent)
    atomic_write.write_files({order.out: made})
    return order.out


def _find_template(order: RedlineRequest) -> str:
    """Give the template of the one that is a DOCX, if the other is none."""
    given = [name for name in (order.old, order.new) if name.endswith(".docx")]
    if len(given) == 1:
        return sent_brief.read_sent_brief(open_package(Path(given[0]), given[0])).template
    return ""


def _redline_docx(order: RedlineRequest, template: str, folder: Path) -> bytes:
    """Give the newer edition with its changes tracked."""

    def made(side: str, name: str) -> Path:
        if name.endswith(".docx"):
            return Path(name)
        _, brief = _load_edition(name, order.project, template, folder / side)
        path = folder / f"{side}.docx"
        path.write_bytes(load_renderer("docx")(brief.document, brief.options).data)
        return path

    return write_redline.write_redline(made("old", order.old), made("new", order.new), order.signed)


def _redline_pdf(order: RedlineRequest, template: str, folder: Path) -> bytes:
    """Give the newer edition with bars beside what changed, and a first page that says it."""
    for name in (order.old, order.new):
        if name.endswith(".docx"):
            raise _make_usage_error(
                "no-content",
                f"`{name}` is a DOCX, and the PDF is made of content",
                "name two revisions with an article such as v1:words, or folders of content",
            )
    was, before = _load_edition(order.old, order.project, template, folder / "old")
    now, after = _load_edition(order.new, order.project, template, folder / "new")
    room = TemplateCatalogue(order.project)
    page = replace(room.get_template(template), document="_shared/changes.html.j2")
    (view,) = select_views(now)
    printed = room.render_view(page, view, now, {"changes": compare_editions(was, now)})
    first = compose(printed, {}, lambda name, at: now.images[name])
    marks = mark_changes(after.document, before.document)
    document = replace(marks, children=(*first.children, PageBreak(), *marks.children))
    return load_renderer("pdf")(document, after.options).data


def _load_edition(name: str, project: Path, template: str, folder: Path) -> tuple[Content, Brief]:
    """Load an edition that is content, and compose its brief."""
    revision, colon, slug = name.rpartition(":")
    if colon and slug:
        folder.mkdir()
        git.checkout_revision(project, revision, folder)
        project = folder
    elif (Path(name) / "article.md").is_file():
        path = Path(name).resolve()
        project, slug = path.parent.parent, path.name
    else:
        raise _make_usage_error(
            "no-edition",
            f"`{name}` is no brief and no content",
            "name a DOCX, a revision with an article such as v1:words, "
            "or a folder such as content/words",
        )
    if not template:
        raise _make_usage_error(
            "no-template",
            f"`{name}` is content, which a brief is made of",
            "say which brief, with --template",
        )
    order = Request(
        project=project,
        out=project / "out",
        articles=(slug,),
        templates=(template,),
        formats=("docx",),
    )
    findings = Findings()
    (loaded,) = build_steps.load_articles(order, findings)
    (brief,) = build_steps.compose_briefs(order, (loaded,), findings).briefs
    return loaded, brief


def _make_usage_error(code: str, message: str, hint: str) -> UsageError:
    return UsageError(make_problem(code, message, None, hint).diagnostics)

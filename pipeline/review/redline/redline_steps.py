"""Two editions of a brief, wherever they are kept, and the changes between them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.build import build_steps
from pipeline.build.typeset import Brief
from pipeline.content.model import Content
from pipeline.content.views import views
from pipeline.diagnostics import Findings, problem
from pipeline.document.tree import PageBreak
from pipeline.render.contract import renderer
from pipeline.request import Order, Usage
from pipeline.review import git
from pipeline.review.match import sent_brief
from pipeline.review.redline import write_redline
from pipeline.review.redline.change_list import differences, marked
from pipeline.review.redline.write_redline import Signed
from pipeline.system import atomic_write
from pipeline.templating.catalogue import TemplateRoom
from pipeline.templating.compose import compose
from pipeline.word.opc import Package


@dataclass(frozen=True, slots=True, kw_only=True)
class RedlineRequest:
    """What to compare."""

    project: Path
    old: str
    new: str
    """Each a DOCX, a git revision with an article as ``v1:words``, or a folder of content."""
    template: str = ""
    """The template of what is no DOCX; that of the other one if empty."""
    signed: Signed
    format: str
    """``docx``, with tracked changes; or ``pdf``, with a first page that says what changed."""
    out: Path


def run(order: RedlineRequest) -> Path:
    """Write the newer edition with its changes; gives the file.

    Raises Problems, and Usage for a name that is none of the three.
    """
    with tempfile.TemporaryDirectory(prefix="brief-") as name:
        folder = Path(name)
        template = order.template or _template_of(order)
        made = (_pdf if order.format == "pdf" else _docx)(order, template, folder)
    atomic_write.make_folder(order.out.parent)
    atomic_write.write({order.out: made})
    return order.out


def _template_of(order: RedlineRequest) -> str:
    """Give the template of the one that is a DOCX, if the other is none."""
    given = [name for name in (order.old, order.new) if name.endswith(".docx")]
    if len(given) == 1:
        return sent_brief.carried(Package(Path(given[0]), given[0])).template
    return ""


def _docx(order: RedlineRequest, template: str, folder: Path) -> bytes:
    """Give the newer edition with its changes tracked."""

    def made(side: str, name: str) -> Path:
        if name.endswith(".docx"):
            return Path(name)
        _, brief = _edition(name, order.project, template, folder / side)
        path = folder / f"{side}.docx"
        path.write_bytes(renderer("docx")(brief.document, brief.look).data)
        return path

    return write_redline.redline(made("old", order.old), made("new", order.new), order.signed)


def _pdf(order: RedlineRequest, template: str, folder: Path) -> bytes:
    """Give the newer edition with bars beside what changed, and a first page that says it."""
    for name in (order.old, order.new):
        if name.endswith(".docx"):
            raise _wrong(
                "no-content",
                f"`{name}` is a DOCX, and the PDF is made of content",
                "name two revisions with an article such as v1:words, or folders of content",
            )
    was, before = _edition(order.old, order.project, template, folder / "old")
    now, after = _edition(order.new, order.project, template, folder / "new")
    room = TemplateRoom(order.project)
    page = replace(room.get(template), document="_shared/changes.html.j2")
    (view,) = views(now)
    printed = room.print(page, view, now, {"changes": differences(was, now)})
    first = compose(printed, {}, lambda name, at: now.images[name])
    marks = marked(after.document, before.document)
    document = replace(marks, children=(*first.children, PageBreak(), *marks.children))
    return renderer("pdf")(document, after.look).data


def _edition(name: str, project: Path, template: str, folder: Path) -> tuple[Content, Brief]:
    """Load an edition that is content, and compose its brief."""
    revision, colon, slug = name.rpartition(":")
    if colon and slug:
        folder.mkdir()
        git.checkout(project, revision, folder)
        project = folder
    elif (Path(name) / "article.md").is_file():
        path = Path(name).resolve()
        project, slug = path.parent.parent, path.name
    else:
        raise _wrong(
            "no-edition",
            f"`{name}` is no brief and no content",
            "name a DOCX, a revision with an article such as v1:words, "
            "or a folder such as content/words",
        )
    if not template:
        raise _wrong(
            "no-template",
            f"`{name}` is content, which a brief is made of",
            "say which brief, with --template",
        )
    order = Order(
        project=project,
        out=project / "out",
        articles=(slug,),
        templates=(template,),
        formats=("docx",),
    )
    findings = Findings()
    (loaded,) = build_steps.load(order, findings)
    (brief,) = build_steps.compose_briefs(order, (loaded,), findings).briefs
    return loaded, brief


def _wrong(code: str, message: str, hint: str) -> Usage:
    return Usage(problem(code, message, None, hint).diagnostics)

"""Two editions of a brief, wherever they are kept, and the changes between them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from pipeline import build, files
from pipeline.diagnostics import Findings, Location, problem
from pipeline.render import renderer
from pipeline.review import base, git, redlining
from pipeline.review.package import Package
from pipeline.review.redlining import Signed
from pipeline.setting import Brief


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to compare."""

    project: Path
    old: str
    new: str
    """Each a DOCX, a git revision with an article as ``v1:words``, or a folder of content."""
    template: str = ""
    """The template of what is no DOCX; that of the other one if empty."""
    signed: Signed
    out: Path


def run(order: Order) -> Path:
    """Write the newer edition with the changes tracked; gives the file.

    Raises Problems, and Usage for a name that is none of the three.
    """
    with tempfile.TemporaryDirectory(prefix="brief-") as name:
        folder = Path(name)
        template = order.template or _template_of(order)
        old = _docx(order.old, order.project, template, folder / "old")
        new = _docx(order.new, order.project, template, folder / "new")
        made = redlining.redline(old, new, order.signed)
    files.make_folder(order.out.parent)
    files.write({order.out: made})
    return order.out


def _template_of(order: Order) -> str:
    """Give the template of the one that is a DOCX, if the other is none."""
    given = [name for name in (order.old, order.new) if name.endswith(".docx")]
    if len(given) == 1:
        return base.carried(Package(Path(given[0]), given[0])).template
    return ""


def _docx(name: str, project: Path, template: str, folder: Path) -> Path:
    """Give a DOCX, built into a folder if it is none yet."""
    if name.endswith(".docx"):
        return Path(name)
    revision, colon, slug = name.rpartition(":")
    if colon and slug:
        folder.mkdir()
        git.checkout(project, revision, folder)
        project = folder
    elif (Path(name) / "article.md").is_file():
        path = Path(name).resolve()
        project, slug = path.parent.parent, path.name
    else:
        raise build.Usage(
            problem(
                "no-edition",
                f"`{name}` is no brief and no content",
                None,
                "name a DOCX, a revision with an article such as v1:words, "
                "or a folder such as content/words",
            ).diagnostics
        )
    if not template:
        raise build.Usage(
            problem(
                "no-template",
                f"`{name}` is content, which a brief is made of",
                Location(name),
                "say which brief, with --template",
            ).diagnostics
        )
    made = folder.with_suffix(".docx")
    brief = _brief(project, slug, template)
    made.write_bytes(renderer("docx")(brief.document, brief.look).data)
    return made


def _brief(project: Path, slug: str, template: str) -> Brief:
    order = build.Order(
        project=project,
        out=project / "out",
        articles=(slug,),
        templates=(template,),
        formats=("docx",),
    )
    findings = Findings()
    (brief,) = build.compose_briefs(order, build.load(order, findings), findings)
    return brief

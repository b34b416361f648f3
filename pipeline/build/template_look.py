"""A template with its look on a paper: tokens, stylesheets, fonts, and a house's Word template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.diagnostics import Findings
from pipeline.look import theme
from pipeline.look.css_rules import check_css
from pipeline.project import layout, text_files
from pipeline.request import Request
from pipeline.templating.catalogue import Template, TemplateCatalogue

if TYPE_CHECKING:
    from pipeline.word.house_template import HouseTemplate


@dataclass(frozen=True, slots=True)
class TemplateLook:
    """A template with its look on a paper."""

    template: Template
    paper: str
    theme: theme.Theme
    css: str
    files: Mapping[Path, str]
    """What it was read from, with the sha256 of each."""
    missed: Sequence[Path]
    """What was looked for and not there."""
    fonts: Mapping[str, str]
    """The fonts' files by their names in a manifest, with the sha256 of each."""
    house_template: HouseTemplate | None
    """The house's Word template."""


def read_template_look(
    request: Request, template: Template, catalogue: TemplateCatalogue, paper: str
) -> TemplateLook:
    """Read a template's tokens and stylesheets, in the order of the cascade."""
    read_from: dict[Path, str] = {}

    def texts(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
        most = request.limits.sources.text_bytes
        for path in paths:
            shown = catalogue.format_path(path)
            text, read_from[path] = text_files.read_text(path, shown, most)
            yield shown, text

    token_files = list(texts(template.find_theme_files(paper)))
    sheets = list(texts(template.find_stylesheets(paper)))
    findings = Findings()
    for name, text in sheets:
        findings.extend(check_css(name, text))
    findings.stop_on_errors()
    css = "\n".join(text for _, text in sheets)
    tokens = theme.load_theme(token_files, css)
    read_from |= template.read
    missed = [*template.missed, *template.find_unwritten(paper)]
    fonts = {
        f"{layout.FONTS}{face.package}/{font.path.name}": layout.hash_file(font.path)
        for face in tokens.faces
        for font in face.find_fonts()
    }
    reference = _read_house_template(request, template, read_from)
    return TemplateLook(template, paper, tokens, css, read_from, missed, fonts, reference)


def _read_house_template(
    request: Request, template: Template, read_from: dict[Path, str]
) -> HouseTemplate | None:
    """Read the house's Word template: the one that was asked for, or the template's own.

    That stands in the project; raises Problems (``file-outside``) when it leads out of it.
    """
    requested, name = request.reference_docx, template.spec.reference_docx
    if not (requested or name):
        return None
    from pipeline.word import house_template  # only briefs that are dressed pay for its reader

    if requested:
        return house_template.read_house_template(requested, str(requested), request.limits)
    path = request.project / name
    text_files.check_inside(path, request.project.resolve(), name)
    found = house_template.read_house_template(path, name, request.limits)
    read_from[path] = found.sha256
    return found

"""Templates: finding them, and rendering one in a sandbox with addresses kept.

A template is a Jinja2 file that renders to plain semantic HTML. Templates may come
from strangers: they run in Jinja's immutable sandbox, autoescaped, with strict
undefined names, and read nothing outside the template folders. Two things happen
without the template's author doing anything: every printed value of the content
keeps its address, and every element remembers the template's own line.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, NoReturn

from pipeline.content.model import Content
from pipeline.content.views import ArticleView
from pipeline.diagnostics import Findings, Location, make_problem, suggest_names
from pipeline.document.tree import Address
from pipeline.project.choices import Split
from pipeline.project.layout import (
    choose_shipped_templates,
    list_template_roots,
    list_templates,
    name_template_file,
)
from pipeline.project.text_files import SLUG, check_inside, read_text
from pipeline.records import Decoder, Pattern
from pipeline.system.limits import DEFAULT_LIMITS, Limits
from pipeline.templating.provenance_marks import RenderedHtml
from pipeline.templating.sandbox import Sandbox, TemplateLoader
from pipeline.templating.template_errors import explain_error
from pipeline.templating.variables import make_variables
from pipeline.yaml_nodes import parse_yaml

# --- what describes a template ---------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSpec:
    """A brief template, as its template.yaml describes it."""

    title: Annotated[str, "Its name for people."]
    description: Annotated[str, "What the brief is for, in a line."]
    extends: Annotated[
        str,
        Pattern("(shipped/)?[a-z0-9][a-z0-9-]*", "a template's name, or shipped/<name>"),
        "The template whose document, stylesheet and theme it builds on.",
    ] = ""
    needs: Annotated[
        tuple[Literal["summary"], ...],
        "What an article must have besides article.md; what it extends adds to it.",
    ] = ()
    splits: Annotated[
        tuple[Split, ...],
        "What it can be split and narrowed by; if not given, as what it extends.",
    ] = ()
    reference_docx: Annotated[
        str,
        "The house's Word template for the DOCX, from the project's root: templates/house.dotx.",
    ] = ""
    leaves_out: Annotated[
        tuple[Literal["introduction", "questions", "answers", "turns", "notes"], ...],
        "What people said that it does not print; what it extends adds to it.",
    ] = ()
    options: Annotated[Mapping[str, str], "Values that the document reads as options.<name>."] = (
        field(default_factory=dict)
    )


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was found, with its folders."""

    name: str
    spec: TemplateSpec
    document: str
    """The Jinja name of its document, such as ``per-question/document.html.j2``."""
    folders: tuple[Path, ...]
    """_shared first, then what it extends, its own last: the order of the cascade."""
    read: Mapping[Path, str]
    """The template.yaml of each, with the sha256 that it was read with."""
    missed: tuple[Path, ...]
    """What was looked for and not there."""

    def find_files(self, *names: str) -> Iterator[Path]:
        """Yield the files of these names, in the order of the cascade: folder by folder.

        Raises Problems (``file-outside``) for one that is a link out of the templates.
        """
        for folder, name in product(self.folders, names):
            path = folder / name
            if path.is_file():
                check_inside(path, folder.parent.resolve(), f"templates/{folder.name}/{name}")
                yield path

    def find_theme_files(self, paper: str) -> Iterator[Path]:
        """Yield the files of its theme on a paper, a key of ``theme.PAPER``."""
        return self.find_files(*_list_theme_files(paper))

    def find_stylesheets(self, paper: str) -> Iterator[Path]:
        """Yield its stylesheets on a paper, a key of ``theme.PAPER``."""
        return self.find_files(*_list_stylesheets(paper))

    def find_unwritten(self, paper: str) -> Iterator[Path]:
        """Yield the files of its look on a paper that could stand in its folders and do not."""
        for folder, name in product(
            self.folders, (*_list_theme_files(paper), *_list_stylesheets(paper))
        ):
            if not (folder / name).is_file():
                yield folder / name

    def can_split_by(self, *parts: Split) -> bool:
        """Return whether it can be split or narrowed by all of these."""
        return set(parts) <= set(self.spec.splits)


def _list_theme_files(paper: str) -> tuple[str, ...]:
    return "theme.yaml", f"{paper}.yaml"


def _list_stylesheets(paper: str) -> tuple[str, ...]:
    return "base.css", "print.css", f"{paper}.css"


class TemplateCatalogue:
    """The templates that a project sees: its own, and the shipped ones."""

    def __init__(self, project: Path, limits: Limits = DEFAULT_LIMITS) -> None:
        """Look in the project's templates/ and in the shipped ones.

        A project may hold those in templates/shipped/, as they were when a brief was built.
        Raises Problems (``file-outside``) when one of the two is a link out of the project.
        """
        self.project = project
        self._most_bytes = limits.sources.text_bytes
        own = project / "templates"
        check_inside(own, project.resolve(), "templates")
        check_inside(own / "shipped", own.resolve(), "templates/shipped")
        self.shipped = choose_shipped_templates(project)
        self.roots = list_template_roots(project)
        self._loader = TemplateLoader(
            {"all": self.roots, "shipped": (self.shipped,)}, self.format_path, self._most_bytes
        )
        self._rendered = RenderedHtml()
        self._environment = Sandbox(
            self._loader, lambda value: self._rendered.mark_value(value), limits.templates
        )

    def format_path(self, path: Path) -> str:
        """Write a template file's path as a person at the project's root would."""
        for root, base in ((self.project, self.project), (self.shipped, self.shipped.parent)):
            if path.resolve().is_relative_to(root.resolve()):
                return path.resolve().relative_to(base.resolve()).as_posix()
        return str(path)

    def name_input(self, path: Path) -> str:
        """Return the name under which a manifest lists a template file."""
        return name_template_file(self.project, path)

    def name_embedded(self, path: Path) -> str:
        """Return the name under which an archive holds a template file."""
        path = Path(os.path.normpath(path))
        if path.is_relative_to(self.shipped):
            return f"templates/shipped/{path.relative_to(self.shipped).as_posix()}"
        return path.relative_to(self.project).as_posix()

    def list_names(self) -> tuple[str, ...]:
        """Return the names of the templates: folders with a template.yaml."""
        return list_templates(self.project)

    def get_template(self, name: str) -> Template:
        """Find a template by name.

        Raises Problems: ``unknown-template``, or what is wrong with its template.yaml.
        """
        return self._find_template(name, ())

    def _find_template(
        self, name: str, seen: tuple[str, ...], at: Location | None = None
    ) -> Template:
        folder, missed = self._locate_folder(name, at)
        spec, digest, extends_at = self._read_spec(folder / "template.yaml")
        base: Template | None = None
        if spec.extends:
            if str(folder) in seen:
                raise make_problem("template-loop", f"`{name}` extends itself", extends_at)
            base = self._find_template(spec.extends, (*seen, str(folder)), extends_at)
            spec = _inherit_spec(spec, base.spec)
        shared = self._list_shared_folders()
        document = f"{name}/document.html.j2"
        if not (folder / "document.html.j2").is_file():
            missed.append(folder / "document.html.j2")
            document = base.document if base else self._refuse_missing_document(name, folder)
        return Template(
            name,
            spec,
            document,
            (*(base.folders if base else shared), folder),
            {**(base.read if base else {}), folder / "template.yaml": digest},
            (*(base.missed if base else ()), *missed),
        )

    def _locate_folder(self, name: str, at: Location | None) -> tuple[Path, list[Path]]:
        """Return a template's folder, and the files that were looked for before it."""
        plain_name = name.removeprefix("shipped/")
        roots = (self.shipped,) if name != plain_name else self.roots
        places = [root / plain_name / "template.yaml" for root in roots]
        file = next((place for place in places if place.is_file()), None)
        if file is None or plain_name not in self.list_names():
            raise make_problem(
                "unknown-template",
                f"there is no template `{name}`",
                at,
                suggest_names(name, self.list_names()),
            )
        if not re.fullmatch(SLUG.regex, plain_name):
            raise make_problem(
                "bad-value",
                f"`{plain_name}` cannot be a template's name",
                Location(self.format_path(file.parent)),
                SLUG.meaning,
            )
        return file.parent, places[: places.index(file)]

    def _list_shared_folders(self) -> tuple[Path, ...]:
        folders = tuple(root / "_shared" for root in reversed(self.roots))
        for folder in folders:
            check_inside(folder, folder.parent.resolve(), f"templates/{folder.name}")
        return folders

    def _refuse_missing_document(self, name: str, folder: Path) -> NoReturn:
        raise make_problem(
            "template-without-document",
            f"the template `{name}` has no document.html.j2",
            Location(self.format_path(folder / "template.yaml")),
            "write one, or name a template that it `extends:`",
        )

    def _read_spec(self, path: Path) -> tuple[TemplateSpec, str, Location | None]:
        shown = self.format_path(path)
        findings, places = Findings(), dict[Address, Location]()
        check_inside(
            path, path.parent.parent.resolve(), f"templates/{path.parent.name}/{path.name}"
        )
        text, digest = read_text(path, shown, self._most_bytes)
        spec = Decoder(shown, findings, places).decode_record(parse_yaml(text, shown), TemplateSpec)
        findings.stop_on_errors()
        assert spec
        return spec, digest, places.get(Address("template.yaml#extends"))

    def render_view(
        self,
        template: Template,
        view: ArticleView,
        content: Content,
        more: Mapping[str, Any] = MappingProxyType({}),
    ) -> RenderedHtml:
        """Render a view through a template, which has ``more`` names than the usual ones.

        Raises Problems: the template's own errors at its file and line, or
        ``template-too-large`` when the output has no end.
        """
        experts = frozenset(expert.id for expert in view.article.experts)
        rendered = self._rendered = RenderedHtml(experts=experts)
        self._loader.start_recording()
        names = {**make_variables(template.spec.options, view, content, rendered), **more}
        try:
            rendered.html = self._environment.render_template(template.document, names)
        except Exception as error:
            *_, document = template.find_files("document.html.j2")
            raise explain_error(error, template.name, names, self.format_path(document)) from None
        rendered.files = self._loader.found
        rendered.missed = tuple(sorted(self._loader.missed))
        return rendered


def _inherit_spec(spec: TemplateSpec, base: TemplateSpec) -> TemplateSpec:
    """Give a template what it does not say itself: the document that it extends needs it."""
    return replace(
        spec,
        needs=tuple(sorted({*base.needs, *spec.needs})),
        splits=spec.splits or base.splits,
        leaves_out=tuple(sorted({*base.leaves_out, *spec.leaves_out})),
        reference_docx=spec.reference_docx or base.reference_docx,
        options={**base.options, **spec.options},
    )

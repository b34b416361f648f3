"""Templates: finding them, and printing one in a sandbox with addresses kept.

A template is a Jinja2 file that prints plain semantic HTML. Templates may come
from strangers: they run in Jinja's immutable sandbox, autoescaped, with strict
undefined names, and read nothing outside the template folders. Two things happen
without the template's author doing anything: every printed value of the content
keeps its address, and every element remembers the template's own line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import jinja2
from jinja2.exceptions import SecurityError

from pipeline.content import read_text
from pipeline.context import context
from pipeline.diagnostics import Diagnostic, Findings, Location, Problems, known_names, problem
from pipeline.document import Address
from pipeline.model import Content
from pipeline.printed import Printed
from pipeline.records import Decoder, Pattern, parse
from pipeline.sandbox import (
    MOST_CHARACTERS,
    Lines,
    Loader,
    Sandbox,
    TooLarge,
    Unknown,
    UnknownName,
)
from pipeline.selection import Split, View

# --- what a template says of itself ---------------------------------------------------


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
        tuple[Literal["summary"], ...], "What an article must have besides article.md."
    ] = ()
    splits: Annotated[
        tuple[Literal["question", "expert"], ...], "What it can be split and narrowed by."
    ] = ()
    options: Annotated[Mapping[str, str], "Values that the document reads as options.<name>."] = (
        field(default_factory=dict)
    )


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was found, with the folders that it is made from."""

    name: str
    spec: TemplateSpec
    document: str
    """The Jinja name of its document, such as ``per-question/document.html.j2``."""
    folders: tuple[Path, ...]
    """_shared first, then what it extends, its own last: the order of the cascade."""

    @property
    def options(self) -> Mapping[str, str]:
        """The template's options."""
        return self.spec.options

    def files(self, name: str) -> Iterator[Path]:
        """Give the files of this name, in the order of the cascade."""
        return (folder / name for folder in self.folders if (folder / name).is_file())

    def splits_by(self, *parts: Split) -> bool:
        """Tell whether it can be split or narrowed by all of these."""
        return set(parts) <= set(self.spec.splits)


class TemplateRoom:
    """The templates that a project sees: its own, and the shipped ones."""

    def __init__(self, project: Path) -> None:
        """Look in the project's templates/ and in the shipped ones."""
        self.project = project
        own, shipped = project / "templates", shipped_templates()
        self.shipped = shipped
        self.roots = (
            (own, shipped) if own.is_dir() and own.resolve() != shipped.resolve() else (shipped,)
        )
        self._loader = Loader({"all": self.roots, "shipped": (shipped,)}, self.shown)
        self._printing = Printed()
        self._environment = Sandbox(
            loader=self._loader,
            autoescape=True,
            undefined=Unknown,
            extensions=[Lines],
            finalize=lambda value: self._printing.mark(value),
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=200,
        )

    def shown(self, path: Path) -> str:
        """Write a template file's path as a person at the project's root would."""
        for root, base in ((self.project, self.project), (self.shipped, self.shipped.parent)):
            if path.resolve().is_relative_to(root.resolve()):
                return path.resolve().relative_to(base.resolve()).as_posix()
        return str(path)

    def names(self) -> tuple[str, ...]:
        """Name the templates: folders with a template.yaml."""
        return tuple(
            sorted(
                {
                    path.parent.name
                    for root in self.roots
                    for path in root.glob("*/template.yaml")
                    if not path.parent.name.startswith("_")
                }
            )
        )

    def get(self, name: str) -> Template:
        """Find a template by name.

        Raises Problems: ``unknown-template``, or what is wrong with its template.yaml.
        """
        return self._get(name, ())

    def _get(self, name: str, seen: tuple[str, ...], at: Location | None = None) -> Template:
        if name not in self.names() and name.removeprefix("shipped/") not in self.names():
            raise problem(
                "unknown-template",
                f"there is no template `{name}`",
                at,
                known_names(name, self.names()),
            )
        roots = (self.shipped,) if name.startswith("shipped/") else self.roots
        plain_name = name.removeprefix("shipped/")
        folder = next(
            root / plain_name for root in roots if (root / plain_name / "template.yaml").is_file()
        )
        spec, extends_at = self._spec(folder / "template.yaml")
        base: Template | None = None
        if spec.extends:
            if str(folder) in seen:
                raise problem("template-loop", f"`{name}` extends itself", extends_at)
            base = self._get(spec.extends, (*seen, str(folder)), extends_at)
        shared = tuple(root / "_shared" for root in reversed(self.roots))
        document = f"{name}/document.html.j2"
        if not (folder / "document.html.j2").is_file():
            if base is None:
                raise problem(
                    "template-without-document",
                    f"the template `{name}` has no document.html.j2",
                    Location(self.shown(folder / "template.yaml")),
                    "write one, or name a template that it `extends:`",
                )
            document = base.document
        return Template(name, spec, document, (*(base.folders if base else shared), folder))

    def _spec(self, path: Path) -> tuple[TemplateSpec, Location | None]:
        shown = self.shown(path)
        findings, places = Findings(), dict[Address, Location]()
        text, _ = read_text(path, shown)
        spec = Decoder(shown, findings, places).record(parse(text, shown), TemplateSpec)
        findings.stop_on_errors()
        assert spec
        return spec, places.get(Address("template.yaml#extends"))

    def inputs(self) -> Mapping[str, str]:
        """Give the template files read so far, each with its sha256."""
        return dict(sorted(self._loader.read.items()))

    def print(self, template: Template, view: View, content: Content) -> Printed:
        """Print a view through a template.

        Raises Problems: the template's own errors at its file and line, or
        ``template-too-large`` when the output has no end.
        """
        printed = self._printing = Printed()
        names = context(template.options, view, content, printed)
        self._environment.steps = 0
        parts: list[str] = []
        size = 0
        try:
            for part in self._environment.get_template(template.document).generate(names):
                size += len(part)
                if size > MOST_CHARACTERS:
                    raise TooLarge(f"it printed more than {MOST_CHARACTERS:,} characters")
                parts.append(part)
        except Problems as problems:
            raise Problems(
                [
                    d if d.at else _at_template(d.code, d.message, problems, d.hint)
                    for d in problems.diagnostics
                ]
            ) from None
        except jinja2.TemplateSyntaxError as error:
            where = Location(error.filename or error.name or template.document, error.lineno)
            raise problem("template-syntax", f"this is not Jinja: {error.message}", where) from None
        except jinja2.TemplateNotFound as error:
            raise Problems(
                [
                    _at_template(
                        "template-missing",
                        f"there is no template file `{error.name}`",
                        error,
                        "names count from the templates folder, such as _shared/base.html.j2",
                        template.document,
                    )
                ]
            ) from None
        except UnknownName as error:
            known = names if error.known is None else error.known
            raise Problems(
                [
                    _at_template(
                        "undefined-name",
                        str(error.message),
                        error,
                        known_names(error.name, known) if known else None,
                    )
                ]
            ) from None
        except (TooLarge, RecursionError) as error:
            why = str(error) if isinstance(error, TooLarge) else "it calls itself without an end"
            raise Problems(
                [
                    _at_template(
                        "template-too-large",
                        f"`{template.name}` has no end: {why}",
                        error,
                        "look for a loop, a macro or an include that goes on for ever",
                        self.shown(template.folders[-1] / "document.html.j2"),
                    )
                ]
            ) from None
        except SecurityError as error:
            raise Problems([_at_template("template-unsafe", str(error), error)]) from None
        except Exception as error:  # a template is a program: it may fail in any way
            raise Problems([_at_template("template-error", str(error), error)]) from None
        printed.html = "".join(parts)
        return printed


def shipped_templates() -> Path:
    """Give the folder of the shipped templates: in the wheel, or in the checkout."""
    here = Path(__file__).resolve().parent
    carried = here / "_templates"
    return carried if carried.is_dir() else here.parent / "templates"


def _at_template(
    code: str, message: str, error: BaseException, hint: str | None = None, fallback: str = ""
) -> Diagnostic:
    """Make a diagnostic at the template line that an exception passed through last."""
    at = Location(fallback) if fallback else None
    trace = error.__traceback__
    while trace:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".j2"):
            at = Location(file, trace.tb_lineno)
        trace = trace.tb_next
    return Diagnostic(code, message, at, hint)

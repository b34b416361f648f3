"""Templates: finding them, and printing one in a sandbox with addresses kept.

A template is a Jinja2 file that prints plain semantic HTML. Templates may come
from strangers: they run in Jinja's immutable sandbox, autoescaped, with strict
undefined names, and read nothing outside the template folders. Two things happen
without the template's author doing anything: every printed value of the content
keeps its address, and every element remembers the template's own line.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import jinja2
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError
from markupsafe import Markup

from pipeline.diagnostics import Findings, Location, Problems, known_names, problem
from pipeline.document import Address, Block, Inline, Node, Paragraph, Text, plain, walk
from pipeline.model import Answer, Content, Quotation
from pipeline.prose import is_outside_link
from pipeline.quotes import Ledger
from pipeline.records import Decoder, Pattern, Sourced, parse
from pipeline.selection import Split, View

__all__ = ["Printed", "Template", "TemplateRoom", "is_outside_link"]

MOST_CHARACTERS: Final = 5_000_000
MOST_REPEATS: Final = 100_000

# Noncharacters (Unicode §23.7) mark values on their way through the HTML. Content
# and templates cannot hold them: characters.REFUSED keeps them out.
OPEN, BETWEEN, CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
MARKED: Final = re.compile(f"{OPEN}(\\d+){BETWEEN}([^{CLOSE}]*){CLOSE}")


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


# --- what a template printed ------------------------------------------------------------


@dataclass(slots=True)
class Printed:
    """A template's output: HTML in which marks stand for values of the content."""

    html: str = ""
    values: list[str | tuple[Node, ...]] = field(default_factory=list)
    quotations: list[Quotation] = field(default_factory=list)

    def mark(self, value: Any) -> Any:
        """Mark a value on its way to the page (Jinja's ``finalize``).

        Raises TypeError for what has no words: a record, a list, nothing at all.
        """
        if isinstance(value, Sourced):
            return Markup(f"{OPEN}{self._keep(value)}{BETWEEN}{escape(value)}{CLOSE}")
        if isinstance(value, str | int | jinja2.Undefined) and not isinstance(value, bool):
            return value
        if isinstance(value, tuple) and all(isinstance(part, Inline | Block) for part in value):
            return Markup(f"{OPEN}{self._keep(value)}{BETWEEN}{CLOSE}")
        what = type(value).__name__
        raise TypeError(
            "a date is printed with `day(…)`"
            if isinstance(value, datetime.date)
            else f"a {what} cannot be printed; name one of its fields"
        )

    def _keep(self, value: str | tuple[Node, ...]) -> int:
        self.values.append(value)
        return len(self.values) - 1

    def split(self, data: str) -> Iterator[Text | tuple[Node, ...]]:
        """Split words into the template's own and the content's, with their address.

        A value that the template changed after it was marked is computed: it has
        no address any more.
        """
        end = 0
        for match in MARKED.finditer(data):
            yield from _own(data[end : match.start()])
            end = match.end()
            value = self.values[int(match[1])]
            if isinstance(value, tuple):
                yield value
            else:
                source = value.address if isinstance(value, Sourced) else None
                yield Text(match[2], source if match[2] == value else None)
        yield from _own(data[end:])

    def unmarked(self, attribute: str) -> str:
        """Give an attribute's value with the marks taken off."""
        return "".join(
            part.text if isinstance(part, Text) else _words(part) for part in self.split(attribute)
        )


def _own(text: str) -> Iterator[Text]:
    text = re.sub(f"{OPEN}\\d+{BETWEEN}|[{OPEN}{BETWEEN}{CLOSE}]", "", text)
    if text:
        yield Text(text)


def _words(nodes: Sequence[Any]) -> str:
    """Give the words of inline nodes or of paragraphs."""
    return " ".join(
        plain(node.children) if isinstance(node, Paragraph) else plain((node,))
        if not isinstance(node, Block)
        else "".join(part.text for part in walk(node) if isinstance(part, Text))
        for node in nodes
    ) if any(isinstance(node, Block) for node in nodes) else plain(tuple(nodes))


# --- Jinja --------------------------------------------------------------------------------


class _Lines(Extension):
    """Writes each element's own file and line into it, as ``data-at``."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            if token.type != "data":
                yield token
                continue
            where = escape(stream.filename or stream.name or "", quote=True)

            def located(match: re.Match[str], token: Token = token, where: str = where) -> str:
                line = token.lineno + token.value.count("\n", 0, match.start())
                return f'{match[0]} data-at="{where}:{line}"'

            yield Token(
                token.lineno, "data", re.sub(r"<[a-zA-Z][\w-]*(?=[\s/>])", located, token.value)
            )


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's immutable sandbox, with a bound on repetition."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "**" or (
            not numbers and max(n for n in (left, right, 0) if isinstance(n, int)) > MOST_REPEATS
        ):
            raise SecurityError(f"`{operator}` of values this large is not for templates")
        return super().call_binop(context, operator, left, right)


class _Loader(jinja2.BaseLoader):
    """Loads from the template folders, the project's before the shipped ones."""

    def __init__(self, roots: Mapping[str, Sequence[Path]], shown: Callable[[Path], str]) -> None:
        self.roots = roots
        self.shown = shown
        self.read: dict[str, str] = {}

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        from pipeline.content import read_text

        prefix, _, rest = template.partition("/")
        roots, name = (
            (self.roots["shipped"], rest) if prefix == "shipped" else (self.roots["all"], template)
        )
        for root in roots:
            path = (root / name).resolve()
            if path.is_relative_to(root.resolve()) and path.is_file():
                shown = self.shown(path)
                text, self.read[shown] = read_text(path, shown)
                return text, shown, lambda: True
        raise jinja2.TemplateNotFound(template)


QUOTATION_MARKS: Final[Mapping[str, tuple[str, str]]] = {
    "en": ("“", "”"),
    "de": ("„", "“"),
    "fr": ("«\u00a0", "\u00a0»"),
    "es": ("«", "»"),
    "it": ("«", "»"),
}
"""Outer quotation marks by language (CLDR, delimiters); English for any other."""


def quoted(answer: Answer, language: str) -> tuple[Block, ...]:
    """Put the outer quotation marks back round an answer, as far as the source has them."""
    opening, closing = QUOTATION_MARKS.get(language.split("-")[0].lower(), QUOTATION_MARKS["en"])
    blocks = list(answer.blocks)
    if answer.quotes != "none":
        blocks[0] = _with_mark(blocks[0], Text(opening), at_end=False)
    if answer.quotes == "both":
        blocks[-1] = _with_mark(blocks[-1], Text(closing), at_end=True)
    return tuple(blocks)


def _with_mark(block: Any, mark: Text, *, at_end: bool) -> Any:
    from dataclasses import replace

    children = block.children
    if isinstance(block, Paragraph):
        return replace(block, children=(*children, mark) if at_end else (mark, *children))
    if not children:
        return block
    index = -1 if at_end else 0
    inner = _with_mark(children[index], mark, at_end=at_end)
    return replace(
        block, children=(*children[:-1], inner) if at_end else (inner, *children[1:])
    )


def day(date: datetime.date, language: str) -> str:
    """Write a date as the language does; ISO 8601 where its month names are not known."""
    month = date.strftime("%B") if language.lower().startswith("en") else ""
    if language.lower() == "en-us":
        return f"{month} {date.day}, {date.year}"
    return f"{date.day} {month} {date.year}" if month else date.isoformat()


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
        self._loader = _Loader({"all": self.roots, "shipped": (shipped,)}, self.shown)
        self._printing = Printed()
        self._environment = _Sandbox(
            loader=self._loader,
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            extensions=[_Lines],
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
        return Template(
            name, spec, document, (*(base.folders if base else shared), folder)
        )

    def _spec(self, path: Path) -> tuple[TemplateSpec, Location | None]:
        from pipeline.content import read_text

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
        context = _context(template, view, content, printed)
        parts: list[str] = []
        size = 0
        try:
            for part in self._environment.get_template(template.document).generate(context):
                size += len(part)
                if size > MOST_CHARACTERS:
                    raise problem(
                        "template-too-large",
                        f"`{template.name}` printed more than {MOST_CHARACTERS:,} characters",
                        Location(self.shown(template.folders[-1] / "document.html.j2")),
                        "look for a loop without an end",
                    )
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
            raise problem(
                "template-syntax", f"this is not Jinja: {error.message}", where
            ) from None
        except jinja2.TemplateNotFound as error:
            raise Problems(
                [
                    _at_template(
                        "template-missing", f"there is no template file `{error.name}`", error,
                        "names count from the templates folder, such as _shared/base.html.j2",
                        template.document,
                    )
                ]
            ) from None
        except jinja2.UndefinedError as error:
            raise Problems(
                [_at_template("undefined-name", str(error.message), error, _near(error, context))]
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


def _near(error: jinja2.UndefinedError, context: Mapping[str, Any]) -> str | None:
    match = re.match(r"'(\w+)' is undefined", error.message or "")
    return known_names(match[1], context) if match else None


def _at_template(
    code: str, message: str, error: BaseException, hint: str | None = None, fallback: str = ""
) -> Any:
    """Make a diagnostic at the template line that an exception passed through last."""
    from pipeline.diagnostics import Diagnostic

    at = Location(fallback) if fallback else None
    trace = error.__traceback__
    while trace:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".j2"):
            at = Location(file, trace.tb_lineno)
        trace = trace.tb_next
    return Diagnostic(code, message, at, hint)


def _context(
    template: Template, view: View, content: Content, printed: Printed
) -> dict[str, Any]:
    """Give the names that a template can use; templates/README.md lists them."""
    language = view.article.language
    findings = Findings()
    ledger = Ledger(content.article, content.lines, content.places, findings)
    cited: list[Any] = []

    def quote(answer: str, words: str) -> Sourced:
        """Quote words of an answer: they must stand there verbatim."""
        ledger.check(answer, words, Address(f"article.md#{answer}"), None)
        findings.stop_on_errors()
        printed.quotations.extend(ledger.entries)
        ledger.entries.clear()
        return Sourced.at(words, f"article.md#{answer}")

    def cite(evidence: Any) -> int:
        """Number a piece of evidence: the same words keep the number of their first use."""
        if evidence not in cited:
            cited.append(evidence)
        return cited.index(evidence) + 1

    def answer(address: str) -> Answer:
        """Find an answer by its address, such as q1.ciglic."""
        for question in view.article.questions:
            for given in question.answers:
                if given.address == address:
                    return given
        raise KeyError(f"there is no answer `{address}`")

    return {
        "article": view.article,
        "house": view.house,
        "summary": view.summary,
        "questions": view.questions,
        "experts": view.experts,
        "part": view.part,
        "options": template.options,
        "quote": quote,
        "cite": cite,
        "cited": lambda: tuple(enumerate(cited, 1)),
        "answer": answer,
        "quoted": lambda given: quoted(given, language),
        "day": lambda date: day(date, language),
        "plain": _words,
        "reading_minutes": reading_minutes(view),
    }


def reading_minutes(view: View) -> int:
    """Estimate the reading time in minutes, at 230 words a minute.

    The rate is near the mean for silent reading of English non-fiction, 238
    (Brysbaert 2019, Journal of Memory and Language 109).
    """
    blocks = [b for q in view.questions for a in q.answers for b in a.blocks]
    blocks += view.article.introduction
    count = len(_words(tuple(blocks)).split()) if blocks else 0
    return max(1, round(count / 230))

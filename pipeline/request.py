"""What is to be built, as it was asked for, and what became of it."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final, TypeAlias, TypedDict, get_args

from pipeline.diagnostics import Diagnostic, Findings, Problems, Severity, suggest_names
from pipeline.project.choices import Format, Paper, Profile, Split
from pipeline.project.layout import CHATHAM_HOUSE, hash_file
from pipeline.system.limits import DEFAULT_LIMITS, Limits

EDITED: Final = "edited-file"
"""The code of the finding that a person had changed a file of out/, so that it was left."""
Progress: TypeAlias = Callable[[str, int, int], None]
"""Is called with the name of what was done last, how many are done, and of how many."""


def ignore_progress(name: str, done: int, total: int) -> None:
    """Do nothing: for programs that do not show progress."""


class UsageError(Problems):
    """What was asked for does not exist: a name on the command line is wrong."""


def make_usage_error(code: str, message: str, hint: str | None = None) -> UsageError:
    """Return the exception for a single thing that was asked for and cannot be."""
    return UsageError([Diagnostic(code, message, None, hint)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to build. Empty means all: every article, template, question, expert."""

    project: Path
    out: Path
    articles: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    formats: tuple[Format, ...] = ("pdf", "docx")
    questions: tuple[str, ...] = ()
    experts: tuple[str, ...] = ()
    split: Split | None = None
    paper: Paper | None = None
    """None takes the house's."""
    profile: Profile = "screen"
    """What the PDF is for."""
    creep: float | None = None
    """How far a booklet's innermost pages are moved to the fold, in mm."""
    marking: str = ""
    """What is said at the head and the foot of every page, such as ``TLP:AMBER``."""
    chatham_house: bool = False
    """Whether it is withheld who the experts are."""
    reference_docx: Path | None = None
    """The house's Word template for the DOCX; None takes each template's, if it names one."""
    for_review: bool = False
    """Whether the DOCX opens with its changes tracked."""
    with_notes: bool = False
    """Whether the DOCX has the content's editorial notes and comments."""
    jobs: int = 1
    strict: bool = False
    scheduler: str = ""
    """The address of a cluster's scheduler, such as ``tcp://host:8786``, to set briefs there."""
    cache: Path | None = None
    """A folder that keeps what was built, for builds that begin without it."""
    force: bool = False
    """Whether files that were edited where they stand are written over."""
    limits: Limits = DEFAULT_LIMITS
    """How much it may take; what is built within them does not depend on them."""

    def validate_options(self) -> Request:
        """Return the request with its marking as it is printed.

        Raises UsageError for what cannot be.
        """
        self._check_choices()
        self._check_out()
        self._check_rule()
        if not self.marking:
            return self
        from pipeline.look import page_marking

        try:
            return dataclasses.replace(self, marking=page_marking.read_marking(self.marking))
        except Problems as problems:
            raise UsageError(problems.diagnostics) from None

    def _check_choices(self) -> None:
        """Raise UsageError for a value that is none of those to choose from."""
        findings = Findings()
        for what, values, known in (
            ("format", self.formats, get_args(Format)),
            ("profile", (self.profile,), get_args(Profile)),
            ("paper", (self.paper,) if self.paper else (), get_args(Paper)),
            ("split", (self.split,) if self.split else (), get_args(Split)),
        ):
            for value in values:
                if value not in known:
                    message = f"there is no {what} `{value}`"
                    findings.add_error(
                        f"unknown-{what}", message, None, suggest_names(str(value), known)
                    )
        if findings.found:
            raise UsageError(findings)

    def _check_out(self) -> None:
        """Raise UsageError when files would be written among those that they are made from."""
        written = [self.out, *([self.cache] if self.cache else [])]
        for name, folder in product(("content", "templates"), written):
            # Unlike Path.resolve, realpath bears links in a circle; writing there reports them.
            if Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(self.project / name)):
                raise make_usage_error(
                    "bad-out",
                    f"`{folder}` is a place of {name}/, which brief reads",
                    "name a folder of its own",
                )

    def _check_rule(self) -> None:
        """Raise UsageError when a brief would carry the names that are to be withheld."""
        if self.chatham_house and self.with_notes:
            raise make_usage_error(
                "chatham-notes",
                "editorial notes may say who spoke",
                "leave --with-notes out under the Chatham House Rule",
            )
        if self.chatham_house and self.profile == "archive":
            raise make_usage_error(
                "chatham-archive",
                "an archive carries article.md, which says who spoke",
                "take --profile screen under the Chatham House Rule",
            )

    def report_ignored_options(self) -> tuple[Diagnostic, ...]:
        """Return a warning for each option that none of the formats takes."""
        of_format = {
            "pdf": {f"--profile {self.profile}": self.profile != "screen"},
            "docx": {
                "--for-review": self.for_review,
                "--with-notes": self.with_notes,
                "--reference-docx": self.reference_docx is not None,
            },
        }
        return tuple(
            Diagnostic(
                "ignored-option",
                f"`{option}` is for {format.upper()}, and none is made",
                None,
                f"add --format {format}, or leave the option out",
                Severity.WARNING,
            )
            for format, options in of_format.items()
            for option, is_given in options.items()
            if is_given and format not in self.formats
        )

    def _describe_reference(self) -> dict[str, str]:
        """Return the house's Word template, with its hash; what cannot be read is never fresh."""
        if self.reference_docx is None:
            return {}
        digest = ""
        with suppress(OSError, ValueError):
            if self.reference_docx.is_file():  # a device may have no end
                digest = hash_file(self.reference_docx)
        return {"file": str(self.reference_docx), "sha256": digest}

    def to_published_name(self, article: str) -> str:
        """Return the name that an article has in its folder's and its files' names."""
        return f"{article}-{CHATHAM_HOUSE}" if self.chatham_house else article

    def list_options(self, format: str, house_paper: str = "") -> dict[str, Any]:
        """Return the options that shape a file of a format, as JSON has them, without defaults.

        The house's own paper, where it is known, is no option.
        """
        options: dict[str, Any] = {
            "questions": list(dict.fromkeys(self.questions)),
            "experts": list(dict.fromkeys(self.experts)),
            "split": self.split,
            "paper": self.paper if self.paper != house_paper else None,
            "marking": self.marking,
            "chatham_house": self.chatham_house,
        }
        if format == "pdf":  # a profile is for the PDF alone
            options |= {"profile": self.profile.replace("screen", ""), "creep": self.creep}
        if format == "docx":
            options |= {"for_review": self.for_review, "with_notes": self.with_notes}
            options |= {"reference_docx": self._describe_reference()}
        return {name: value for name, value in options.items() if value}


def choose_names(what: str, requested: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return the names that were requested, each once, or all; raises UsageError."""
    findings = Findings()
    for name in requested:
        if name not in known:
            findings.add_error(
                f"unknown-{what}", f"there is no {what} `{name}`", None, suggest_names(name, known)
            )
    if findings.found:
        raise UsageError(findings)
    return tuple(dict.fromkeys(requested or known))


class BuildOptions(TypedDict, total=False):
    """What a Request says of a build of a project, as keyword arguments; the same fields."""

    out: Path
    articles: tuple[str, ...]
    templates: tuple[str, ...]
    formats: tuple[Format, ...]
    questions: tuple[str, ...]
    experts: tuple[str, ...]
    split: Split | None
    paper: Paper | None
    profile: Profile
    creep: float | None
    marking: str
    chatham_house: bool
    reference_docx: Path | None
    for_review: bool
    with_notes: bool
    jobs: int
    strict: bool
    scheduler: str
    cache: Path | None
    force: bool
    limits: Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A file that was written."""

    file: str
    """Its path, from where brief was run."""
    article: str
    template: str
    part: str
    format: str
    profile: str
    """What a PDF is for; empty in other formats."""
    pages: int | None
    bytes: int
    sha256: str
    seconds: float = dataclasses.field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """What a build wrote, what it left as it was, and what it found."""

    outputs: tuple[Output, ...] = ()
    kept: tuple[str, ...] = ()
    """The files that were fresh, by their paths from where brief was run."""
    left: tuple[str, ...] = ()
    """The files that a person had changed or put there, which were not written over."""
    not_built: tuple[str, ...] = ()
    """The names of the briefs that errors stopped."""
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a brief that was asked for could not be made."""
        return any(d.is_error for d in self.diagnostics)

    @property
    def warned(self) -> bool:
        """Whether something was found; that a file was left is no word on the content."""
        return any(d.code != EDITED for d in self.diagnostics)

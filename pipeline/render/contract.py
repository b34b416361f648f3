"""What a renderer takes and returns, and the literal tables of formats and profiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from pipeline.diagnostics import Diagnostic, Location
from pipeline.document.tree import Address, Document
from pipeline.look.theme import Theme
from pipeline.system.limits import DEFAULT_LIMITS

if TYPE_CHECKING:
    from pipeline.word.house_template import HouseTemplate


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is embedded in a PDF."""

    name: str
    """Its path, from the folder that the brief was made in."""
    data: bytes = field(repr=False)
    media_type: str
    relationship: str
    """How it relates to the pages, such as ``Source`` (ISO 19005-3 §6.8)."""
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceValue:
    """A value of the content as it was when a brief was made of it."""

    file: str
    """The file that it stands in, from the project's root."""
    line: int
    """The line on which it begins."""
    text: str
    is_markdown: bool
    """Whether the text is Markdown, as ``markdown_writer`` writes it, or plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTripManifest:
    """What is embedded in a DOCX, so that changes to it can be brought back into the content."""

    identity: Mapping[str, Any]
    """Which brief it is: the article, the template, the part, the edition and so on."""
    files: Mapping[str, str]
    """The files of the content that it was made from, each with its sha256."""
    sources: Mapping[Address, SourceValue]
    """The values that it shows, by their address."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """The files of the template, by the path that the Document knows, as an archive names them.

    So they are called the same wherever the shipped templates are.
    """


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How a Document is set."""

    theme: Theme
    css: str
    """The template's stylesheets, checked, in the order of the cascade."""
    paper: str
    """A key of ``theme.PAPER``."""
    profile: str = "screen"
    """A key of ``PROFILES``: what its PDF is for."""
    creep: float = 0.0
    """How far a booklet's innermost pages are moved to the fold, in mm."""
    pages: Mapping[str, int] = field(default_factory=dict)
    """The page on which each id stands, where a layout is known (ids → page, from 1)."""
    places: Mapping[Address, Location] = field(default_factory=dict)
    """Where each address was written, for diagnostics."""
    attachments: tuple[Attachment, ...] = ()
    """The files in a PDF of the profile ``archive``."""
    roundtrip: RoundTripManifest | None = None
    """What is embedded in a DOCX; None when changes to it cannot be brought back."""
    house_template: HouseTemplate | None = None
    """The house's Word template that a DOCX takes its styles and pages from."""
    for_review: bool = False
    """Whether a DOCX opens with its changes tracked."""
    most_layouts: int = DEFAULT_LIMITS.typesetting.layouts
    """How often pages are set until their numbers stay the same."""

    @property
    def for_press(self) -> bool:
        """Whether the pages are cut after printing: they bleed, and parts open on a recto."""
        return self.profile in ("print", "booklet")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished file, not yet written."""

    data: bytes
    pages: int | None = None
    anchors: Mapping[str, int] = field(default_factory=dict)
    """The page on which each id stands, where the format has pages of its own."""
    diagnostics: tuple[Diagnostic, ...] = ()


class Renderer(Protocol):
    """Sets a Document in one format.

    Raises Problems when the Document cannot be set without losing something.
    """

    def __call__(self, document: Document, options: RenderOptions) -> Rendered:
        """Return the finished file."""


FORMATS: Final[Mapping[str, tuple[str, str]]] = {
    "pdf": ("pdf", "pipeline.render.pdf"),
    "docx": ("docx", "pipeline.render.docx.writer"),
    "html": ("html", "pipeline.render.html"),
    "tree": ("tree.json", "pipeline.render.tree_json"),
}
"""Each format's file extension and the module that renders it, imported when needed."""


PROFILES: Final[Mapping[str, str]] = {
    "screen": "pipeline.render.finish.screen",
    "print": "pipeline.render.finish.press",
    "booklet": "pipeline.render.finish.booklet",
    "archive": "pipeline.render.finish.archive",
}
"""What a PDF may be for, and the module that finishes it, imported when needed."""

EARLIEST: Final = "1980-01-01"
"""The day of a file whose brief has none, ISO 8601: the first that a zip can hold."""
BLEED: Final = 3.0
"""How far grounds run over the edge of a page that is cut, in mm."""


def load_renderer(name: str) -> Renderer:
    """Import a format's renderer."""
    return cast(Renderer, import_module(FORMATS[name][1]).render)

"""How much of this machine anything may take: every bound that whoever calls may set otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageLimits:
    """How large a Word file from others may be."""

    file_bytes: int = 512_000_000
    """The file itself: Word opens none that is larger."""
    unpacked_bytes: int = 1_000_000_000
    xml_bytes: int = 50_000_000
    """How many bytes its XML may unpack to."""
    parts: int = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLimits:
    """How much a check may take before it is stopped."""

    seconds: float = 120.0
    """How long a brief or a file may take. A book of 500 pages takes a few seconds."""
    memory: int = 3 << 30
    """How many bytes of memory a brief or a file may take, where the system counts them."""
    file_bytes: int = 1_000_000_000
    """How large a file may be: a printed book with pictures is a tenth of it."""
    structure_elements: int = 2_000_000
    """How many elements the structure of a PDF may have."""
    references: int = 5_000
    """How many objects of a PDF may lead from one to the next: bookmarks in a row do."""
    stream_bytes: int = 500_000_000
    """How many bytes a stream of a PDF may unpack to: a large photo does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLimits:
    """How large a file of a project may be."""

    text_bytes: int = 5_000_000
    image_bytes: int = 40_000_000
    image_pixels: int = 100_000_000
    columns: int = 24
    """How many columns a table may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateLimits:
    """How much a template may print, and take to do so."""

    characters: int = 5_000_000
    repeats: int = 100_000
    """How many times a template may repeat a text with ``*``."""
    steps: int = 1_000_000
    """How many steps all its loops may take."""
    memory: int = 300_000_000
    """In bytes, on top of what the program has."""
    depth: int = 40
    """How many elements may be open in each other."""
    nodes: int = 100_000
    """How many parts a Document may have."""
    columns: int = 24
    """How many columns a table may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypesetLimits:
    """How much a brief may take to be set."""

    seconds: float = 300.0
    """How long a brief may take, in all its formats. The longest article takes a few seconds."""
    memory: int = 3_000_000_000
    """How much a brief may take while it is set, in bytes. A book takes some hundred million."""
    layouts: int = 5
    """How often pages are set until their numbers stay the same. Twice is the rule."""
    briefs: int = 25
    """How many briefs a process sets: whatever libraries keep of each goes with it."""
    cluster_seconds: float = 30.0
    """How long a scheduler and the first of its workers may take to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLimits:
    """How much an archive PDF may embed, and take to be read again."""

    files: int = 1_000
    embedded_bytes: int = 200_000_000
    """Of all files together."""
    pdf_bytes: int = 300_000_000
    memory: int = 1_500_000_000
    """In bytes, on top of what the program has: what a PDF unpacks to cannot be told before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """All bounds of a project. None of them shapes a file: it is made within them, or refused."""

    packages: PackageLimits = PackageLimits()
    checks: CheckLimits = CheckLimits()
    sources: SourceLimits = SourceLimits()
    templates: TemplateLimits = TemplateLimits()
    typesetting: TypesetLimits = TypesetLimits()
    archives: ArchiveLimits = ArchiveLimits()
    cache_bytes: int = 2_000_000_000
    """How large a cache grows before what was not used for the longest time goes."""


DEFAULT_LIMITS: Final = Limits()

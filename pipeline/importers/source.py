"""A source as it was given: its bytes, what they are and, where they are text, their words.

What it is is read off its content first and off its name only where the content leaves it open.
What cannot be read is refused in words that say what it is instead.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import BinaryIO, Final, Literal

from pipeline.diagnostics import Findings, Location, Problems, make_problem
from pipeline.document import characters
from pipeline.importers.blocks import Reading

Format = Literal["text", "markdown", "html", "docx"]

MOST_BYTES: Final = 20_000_000
"""The most a text may be: a thousand pages have about three million."""
MOST_WORD_BYTES: Final = 40_000_000
"""The most a Word file may be: it holds its pictures."""
MOST_FINDINGS: Final = 20
STDIN: Final = "<stdin>"

_ZIP: Final = b"PK\x03\x04"
_AS_TEXT: Final = "copy its text into a .txt file, or give the page or Word file it was made from"
_AS_DOCX: Final = "open it and save it as a Word document (.docx)"
_KNOWN: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"%PDF", "a PDF", _AS_TEXT),
    (b"\xd0\xcf\x11\xe0", "an old or an encrypted Office file", _AS_DOCX + " without a password"),
    (b"{\\rtf", "a rich text file (RTF)", _AS_DOCX),
    (b"\x89PNG", "an image", _AS_TEXT),
    (b"\xff\xd8\xff", "an image", _AS_TEXT),
    (b"GIF8", "an image", _AS_TEXT),
    (b"II*\x00", "an image", _AS_TEXT),
    (b"MM\x00*", "an image", _AS_TEXT),
    (b"RIFF", "an image or a recording", _AS_TEXT),
    (b"ID3", "a recording", _AS_TEXT),
    (b"bplist", "a web archive", "save the page as HTML only"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
    (b"7z\xbc\xaf", "a compressed file", "unpack it first"),
    (b"Rar!", "a compressed file", "unpack it first"),
    (b"\x7fELF", "a program", _AS_TEXT),
)
_PACKED: Final[tuple[tuple[str, str, str], ...]] = (
    ("xl/workbook.xml", "a spreadsheet", _AS_TEXT),
    ("ppt/presentation.xml", "a presentation", _AS_TEXT),
    ("META-INF/container.xml", "an e-book", "unpack it and give the HTML file of its text"),
    ("content.xml", "an OpenDocument file", _AS_DOCX),
    ("Index/Document.iwa", "a Pages file", _AS_DOCX),
)
_BOMS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "utf-32"),
    (b"\xff\xfe", "utf-16", "utf-16"),
    (b"\xfe\xff", "utf-16", "utf-16"),
)
_SUFFIXES: Final[dict[str, Format]] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
_PAGE: Final = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_PIECE: Final = re.compile(
    r"\s*<(article|main|header|section|div|p|h[1-6]|ul|ol|table|blockquote|figure)\b[^>]*>",
    re.IGNORECASE,
)
_MARKDOWN: Final = re.compile(
    r"\A---[ \t]*\n[A-Za-z][\w -]*:"  # front matter
    r"|^#{1,6}[ \t]+\S"  # a heading
    r"|^\*\*[^\s*][^\n]*?\*\*"  # a label in bold
    r"|^\[\^[^\]\s]+\]:[ \t]",  # a footnote
    re.MULTILINE,
)
_TAKEN_AWAY: Final = "\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\N{SOFT HYPHEN}"
"""What a brief may not hold and ``blocks.tidy`` takes away."""
_BREAKS: Final = "\v\f\N{NEXT LINE}\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"
"""What a brief may not hold and every reader takes for white space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file, or what came on standard input."""

    name: str
    """As diagnostics name it."""
    data: bytes = field(repr=False)
    sha256: str
    format: Format
    encoding: str
    """How its text was written, such as ``utf-8`` or ``cp1252``; empty for a Word file."""
    text: str = field(repr=False)
    """Its text with a line feed after each line; empty for a Word file."""


def read(path: str, stdin: BinaryIO | None = None, format: Format | None = None) -> Source:
    """Read a file, or standard input where ``path`` is ``-``; ``format`` says what it holds.

    Raises Problems: ``unreadable``, ``too-large``, ``empty-source`` or ``not-text``.
    """
    if path == "-" and stdin is not None:
        name = STDIN
        data = _bounded(stdin, name)
    else:
        name = path
        data = _file(path)
    if not data.strip(b"\0 \t\r\n\f\v"):
        raise make_problem(
            "empty-source", "the source holds no text", Location(name), "give it an article's text"
        )
    found = format or ("docx" if data.startswith(_ZIP) else None)
    text = encoding = ""
    _refuse_known(data, name, format)
    if found != "docx":
        text, encoding = _decode(data, name)
        found = found or _format_of(text, name)
    return Source(
        name=name,
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        format=found,
        encoding=encoding,
        text=text,
    )


def reading(source: Source) -> Reading:
    """Read the source as what it is.

    Raises Problems: ``bad-character`` for what a brief cannot hold, and what its reader raises.
    """
    # Each reader is imported where it is needed: what the others stand on takes time to load.
    match source.format:
        case "docx":
            from pipeline.importers import word

            made = word.read(source.data, source.name)
        case "html":
            from pipeline.importers import html

            made = html.read(source.text, source.name)
        case "markdown":
            from pipeline.importers import markdown

            made = markdown.read(source.text, source.name)
        case "text":
            from pipeline.importers import text

            made = text.read(source.text)
    _refuse_characters(source, made)
    if not any(block.text for block in made.blocks if not block.outside):
        raise make_problem("empty-source", "the source holds no text", Location(source.name))
    return made


# --- bytes ------------------------------------------------------------------------------


def _file(path: str) -> bytes:
    at = Location(path)
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise make_problem("unreadable", f"`{path}` is a folder", at, "name one file in it")
        if not stat.S_ISREG(mode):  # reading from it could wait for ever
            raise make_problem(
                "unreadable",
                f"`{path}` is not a file",
                at,
                "give what it holds on standard input, which is called `-`",
            )
        with Path(path).open("rb") as stream:
            return _bounded(stream, path, os.fstat(stream.fileno()).st_size)
    except FileNotFoundError:
        raise make_problem("unreadable", f"there is no file `{path}`", at, _looked(path)) from None
    except (OSError, ValueError) as error:  # closed to us, no name of a file, a loop of links …
        reason = getattr(error, "strerror", None) or str(error)
        raise make_problem("unreadable", f"`{path}` cannot be read: {reason}", at) from None


def _looked(path: str) -> str:
    try:
        return f"looked in {Path(path).parent.resolve()}"
    except OSError:
        return "look at how it is spelt"


def _bounded(stream: BinaryIO, name: str, size: int = 0) -> bytes:
    head = stream.read(len(_ZIP))
    most = MOST_WORD_BYTES if head == _ZIP else MOST_BYTES
    data = b"" if size > most else head + stream.read(most + 1 - len(head))
    if max(size, len(data)) > most:
        raise make_problem(
            "too-large",
            f"the source is over {most // 1_000_000} MB",
            Location(name),
            "take its pictures out" if head == _ZIP else "give one article at a time",
        )
    return data


def _refuse_known(data: bytes, name: str, format: Format | None) -> None:
    """Refuse what is known not to be text, by its first bytes."""
    if data.startswith(_ZIP):
        what, hint = _packed(data)
    else:
        known = (known for known in _KNOWN if data.startswith(known[0]))
        _, what, hint = next(known, (b"", "", ""))
        if not what and format == "docx":
            what, hint = "not a Word document", "leave out the format to have it found"
    if not what and data.startswith(_ZIP) and format not in (None, "docx"):
        what, hint = "a Word document", "leave out the format to have it found"
    if what:
        raise make_problem("not-text", f"the source is {what}", Location(name), hint)


def _packed(data: bytes) -> tuple[str, str]:
    """Say what a zip file is if it is no Word document, and what to do."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return "a damaged zip or Word file", "save it anew"
    has_word = "[Content_Types].xml" in names and "word/" in "".join(names)
    if has_word or "word/document.xml" in names:
        return "", ""
    for part, what, hint in _PACKED:
        if part in names:
            return what, hint
    return "a zip file", "unpack it and give the article's own file"


# --- text -------------------------------------------------------------------------------


def _decode(data: bytes, name: str) -> tuple[str, str]:
    """Give the text with its lines' ends made one, and the name of its encoding."""
    text, encoding = next(_decoded(data), (None, ""))
    if text is None:
        raise _not_text(data, name)
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def _decoded(data: bytes) -> Iterator[tuple[str, str]]:
    """Try what the bytes can be in order of certainty; give what each makes of them."""
    for mark, codec, encoding in _BOMS:
        if data.startswith(mark):
            try:
                yield data.decode(codec), encoding
            except UnicodeDecodeError:
                return
    if b"\0" in data:
        return
    try:
        yield data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        yield from _guessed(data)


def _guessed(data: bytes) -> Iterator[tuple[str, str]]:
    from resiliparse.parse.encoding import detect_encoding

    # A page says itself; of a text with few letters outside ASCII, the commonest is the best guess.
    for encoding in (detect_encoding(data, from_html_meta=True), "cp1252"):
        try:
            text = data.decode(encoding or "cp1252")
        except (UnicodeDecodeError, LookupError):
            continue
        if not re.search("[\x00-\x08\x0e-\x1f\x7f-\x9f]", text):
            yield text, encoding or "cp1252"


def _not_text(data: bytes, name: str) -> Problems:
    try:
        data.decode("utf-8")
        at, what = data.index(b"\0"), "a zero byte"
    except UnicodeDecodeError as error:
        at, what = error.start, f"the byte 0x{data[error.start]:02X}"
    start = data.rfind(b"\n", 0, at) + 1
    column = len(data[start:at].decode("utf-8", "replace")) + 1
    return make_problem(
        "not-text",
        f"the source is no text that can be read: it holds {what}",
        Location(name, data.count(b"\n", 0, at) + 1, column),
        "if it is a text, save it as UTF-8",
    )


def _format_of(text: str, name: str) -> Format:
    suffix = _SUFFIXES.get(PurePath(name).suffix.lower())
    head = text[:10_000]
    if _PAGE.match(head):
        return "html"
    if head.lstrip().startswith("<?xml"):
        hint = "give a page as HTML, or copy its text into a .txt file"
        raise make_problem("not-text", "the source is an XML file", Location(name), hint)
    if re.match(r"From: <Saved by |MIME-Version: ", head):
        hint = "save the page as HTML only"
        raise make_problem("not-text", "the source is a web archive", Location(name), hint)
    if suffix:
        return suffix
    if (piece := _PIECE.match(head)) and f"</{piece[1].lower()}" in text.lower():
        return "html"
    return "markdown" if _MARKDOWN.search(text) else "text"


# --- characters -------------------------------------------------------------------------


def _refuse_characters(source: Source, made: Reading) -> None:
    """Refuse what a brief cannot hold in what was read, each character at its first place."""
    findings = Findings()
    seen = set(_TAKEN_AWAY + _BREAKS)
    lines = source.text.split("\n") if source.text else []
    for block in made.blocks:
        if block.outside:
            continue
        for match in characters.REFUSED.finditer(block.text):
            bad = match.group()
            if bad in seen or len(findings.found) == MOST_FINDINGS:
                continue
            seen.add(bad)
            findings.add_error(
                "bad-character",
                f"the text holds {characters.name_character(bad)}",
                _place(source.name, lines, block.line, block.last_line, bad),
                "take it out, or write what it stands for",
            )
    findings.stop_on_errors()


def _place(name: str, lines: list[str], first: int, last: int, bad: str) -> Location:
    for number, line in enumerate(lines[first - 1 : last], first):
        if bad in line:
            return Location(name, number, line.index(bad) + 1)
    return Location(name, first)

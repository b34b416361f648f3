"""What a header or a footer of a house's Word template may hold; the rest is taken off and listed.

It comes from strangers. Words, tables, embedded pictures and plain fields stay; nothing that stays
may run, reach out of the file or show another file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from lxml import etree

from pipeline.document.tree import Image
from pipeline.word.ooxml import NAMESPACES, OFFICE, W

FIELDS: Final = frozenset(
    {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "STYLEREF", "TITLE", "SUBJECT", "AUTHOR"}
)
"""The fields that may stay: none of them reads anything else."""

PictureReader: TypeAlias = Callable[[str], Image | str]
"""Returns the picture at a relation's id, or a description of what cannot be taken."""

_A: Final = f"{{{NAMESPACES['a']}}}"
_KNOWN: Final = (
    W,
    _A,
    "{http://schemas.openxmlformats.org/drawingml/2006/picture}",
    "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}",
    "{http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing}",
)
"""The namespaces of words, tables and pictures."""
_FILE_BOUND: Final = (
    f"{W}bookmarkStart", f"{W}bookmarkEnd", f"{W}proofErr", f"{W}dataBinding", f"{W}numPr",
    f"{W}ffData", f"{W}fldData", f"{W}commentRangeStart", f"{W}commentRangeEnd",
    f"{W}commentReference", f"{W}footnoteReference", f"{W}endnoteReference",
    f"{_A}extLst", f"{_A}hlinkClick", f"{_A}hlinkHover",
)  # fmt: skip
"""What means something in the file that it is from only: nobody misses it."""
_REFUSED: Final[Mapping[str, str]] = {
    f"{W}pict": "a text box, a shape or a watermark",
    f"{W}object": "an embedded object",
    f"{W}control": "a control",
    f"{W}altChunk": "another document",
    f"{W}subDoc": "another document",
}
_DRAWING: Final = f"{W}drawing"
_SHAPE: Final = "a text box, a shape or a chart"
_LINK: Final = "a link (its words stay)"


def strip_unsafe_content(
    root: Any, picture: PictureReader
) -> tuple[Mapping[str, Image], tuple[str, ...]]:
    """Take off the root of a header or a footer what it may not hold.

    Return the pictures that stay, by the ids of their relations, and what was left out.
    """
    left_out: list[str] = []
    for element in list(root.iter(*_FILE_BOUND)):
        _remove_element(element)
    for properties in (each for each in root.iter(f"{W}*") if each.tag.endswith("Pr")):
        for element in [each for each in properties if not str(each.tag).startswith(_KNOWN)]:
            _remove_element(element)  # a newer Word's look of what stays
    pictures: dict[str, Image] = {}
    for element in list(root.iter("*")):
        if element is root or not _is_in(root, element):
            continue
        shown, refused = _inspect_element(element, picture)
        pictures |= shown
        if refused:
            left_out.append(refused)
            # A drawing without one of its parts is damaged: the whole of it goes.
            _remove_element(next(element.iterancestors(_DRAWING), element))
    for link in list(root.iter(f"{W}hyperlink")):
        left_out.append(_LINK)
        _unwrap_element(link)
    left_out += _remove_simple_fields(root)
    left_out += _remove_complex_fields(root)
    if root.find(f".//{W}p") is None:
        root.append(root.makeelement(f"{W}p"))
    return pictures, tuple(dict.fromkeys(left_out))


def _inspect_element(element: Any, picture: PictureReader) -> tuple[Mapping[str, Image], str]:
    """Return the pictures that an element shows; or what it is, if it cannot be taken."""
    tag = str(element.tag)
    if tag in _REFUSED:
        return {}, _REFUSED[tag]
    name = etree.QName(element).localname
    if not tag.startswith(_KNOWN):
        is_drawn = next(element.iterancestors(_DRAWING), None) is not None
        return {}, _SHAPE if is_drawn or name == "AlternateContent" else f"a `{name}`"
    ids = [str(id) for name, id in element.attrib.items() if name.startswith(OFFICE)]
    if not ids or tag == f"{W}hyperlink":
        return {}, ""
    if tag != f"{_A}blip":
        return {}, f"a `{name}`"
    shown: dict[str, Image] = {}
    for id in ids:
        found = picture(id)
        if isinstance(found, str):
            return {}, found
        shown[id] = found
    return shown, ""


def _remove_simple_fields(root: Any) -> Iterator[str]:
    """Take off the fields of one element that are not plain; return which."""
    for field in list(root.iter(f"{W}fldSimple")):
        name = _parse_field_name(field.get(f"{W}instr", ""))
        if name not in FIELDS and _is_in(root, field):
            yield _describe_field(name)
            (_unwrap_element if name == "HYPERLINK" else _remove_element)(field)


def _remove_complex_fields(root: Any) -> Iterator[str]:
    """Take off the fields of several elements that are not plain; return which.

    Such a field goes through runs and paragraphs: their content is one row (ECMA-376 §17.16.18).
    """
    row = [child for run in root.iter(f"{W}r") for child in run if child.tag != f"{W}rPr"]
    stay: set[int] = set()
    go: set[int] = set()
    for begin, separate, end in _find_fields(row):
        code = row[begin + 1 : separate]
        name = _parse_field_name("".join(child.text or "" for child in code))
        if name in FIELDS and all(child.tag == f"{W}instrText" for child in code):
            stay |= {*range(begin, separate + 1), end}
            continue
        yield _describe_field(name)
        go |= (
            {*range(begin, separate + 1), end} if name == "HYPERLINK" else {*range(begin, end + 1)}
        )
    of_fields = (f"{W}fldChar", f"{W}instrText", f"{W}delInstrText")
    for index, child in enumerate(row):
        if index in go or (child.tag in of_fields and index not in stay):
            _remove_element(child)


def _find_fields(row: list[Any]) -> Iterator[tuple[int, int, int]]:
    """Return where fields begin, where their code ends and where they end, inner ones first."""
    opened: list[list[int]] = []
    for index, child in enumerate(row):
        match child.get(f"{W}fldCharType"):
            case "begin":
                opened.append([index])
            case "separate" if opened:
                opened[-1].append(index)
            case "end" if opened:
                begin, *separate = opened.pop()
                yield begin, (separate or [index])[0], index


def _parse_field_name(instruction: str) -> str:
    return (instruction.split() or [""])[0].upper()


def _describe_field(name: str) -> str:
    if name == "HYPERLINK":
        return _LINK
    return f"the field `{name}`" if name else "an empty field"


def _is_in(root: Any, element: Any) -> bool:
    return root in element.iterancestors()


def _remove_element(element: Any) -> None:
    element.getparent().remove(element)


def _unwrap_element(element: Any) -> None:
    """Put the content of an element in its place."""
    for inner in reversed(element):
        element.addnext(inner)
    _remove_element(element)

"""The changes between two briefs, as tracked changes in the newer one's DOCX.

The newer file is kept as it is but for what changed: words that came are insertions, words that
went come back as deletions (ECMA-376-1 §17.13.5). What is written is read again, and refused
unless accepting all changes gives the newer text and rejecting all the older one.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

from lxml import etree

from pipeline.diagnostics import Findings, Location, make_problem
from pipeline.render.docx.base_package import zip_parts
from pipeline.review.edited_docx.reader import EditedDocx, read_edited_docx
from pipeline.review.redline.block_pairs import iterate_paragraph_pairs, list_blocks
from pipeline.review.redline.block_writer import BlockWriter, Signature
from pipeline.review.redline.bookmark_names import rename_places
from pipeline.review.redline.check_redline import (
    check_redline,
    list_header_names,
    list_header_parts,
)
from pipeline.review.redline.contents_marks import put_contents_marks, take_contents_marks
from pipeline.review.redline.copy_parts import PartCopier
from pipeline.review.redline.runs import DocxPart
from pipeline.system.limits import DEFAULT_LIMITS, PackageLimits
from pipeline.word.ooxml import W, XmlElement
from pipeline.word.opc import Package


def write_redline(
    old: Path,
    new: Path,
    signed: Signature,
    limits: PackageLimits = DEFAULT_LIMITS.packages,
    findings: Findings | None = None,
) -> bytes:
    """Write the changes from one DOCX to another into the latter.

    What differs and cannot be tracked is a warning in ``findings``.

    Raises Problems: those of reading, ``tracked-already`` for a file with tracked changes of
    its own, and ``not-redlined`` when the result would not be both texts.
    """
    before, after = _read_settled(old, limits), _read_settled(new, limits)
    data = _track_changes(before.package, after.package, signed)
    check_redline(data, before, after)
    if findings is not None:
        _tell_untracked(before.package, after.package, findings)
    return data


def _tell_untracked(old: Package, new: Package, findings: Findings) -> None:
    """Warn of what is the newer file's, whatever becomes of the changes."""
    was, now = old.parse_document(), new.parse_document()
    has_same_heads = bool(list_header_parts(old, new)) or not list_header_names(old, new)
    for same, what in (
        (has_same_heads, "the heads and feet of pages"),
        (_list_sections(was) == _list_sections(now), "sections, with their pages and columns"),
        (_list_descriptions(was) == _list_descriptions(now), "what tables are described by"),
    ):
        if not same:
            findings.add_warning(
                "not-tracked",
                f"{what} changed, and Word cannot track that: they are the newer file's",
                None,
                "look at both files where it matters",
            )


def _list_sections(root: XmlElement) -> list[list[bytes]]:
    """Return how the pages of each section are set, their heads and feet aside."""
    return [
        [
            etree.tostring(node, method="c14n", exclusive=True)
            for node in section
            if node.tag not in (f"{W}headerReference", f"{W}footerReference")
        ]
        for section in root.iter(f"{W}sectPr")
    ]


def _list_descriptions(root: XmlElement) -> list[str]:
    names = (f"{W}tblCaption", f"{W}tblDescription")
    return [node.get(f"{W}val", "") for node in root.iter(*names)]


def _read_settled(path: Path, limits: PackageLimits) -> EditedDocx:
    """Read a file that holds nothing but settled words."""
    edited = read_edited_docx(path, str(path), limits)
    if edited.revisions:
        raise make_problem(
            "tracked-already",
            f"the file has {len(edited.revisions)} tracked changes of its own",
            Location(str(path)),
            "accept or reject them first",
        )
    if edited.unknown:
        raise make_problem(
            "unknown-element",
            f"paragraph {edited.unknown[0].paragraph} holds <{edited.unknown[0].name}>, "
            "which cannot be compared",
            Location(str(path)),
            "take it out, or compare the files in Word",
        )
    return edited


def _track_changes(old: Package, new: Package, signed: Signature) -> bytes:
    """Return the newer file with its changes from the older one tracked."""
    before, after = DocxPart.open_main(old), DocxPart.open_main(new)
    copier = PartCopier(before, after)
    copier.copy_definitions()
    was, now = before.root.find(f"{W}body"), after.root.find(f"{W}body")
    old_marks, new_marks = take_contents_marks(was), take_contents_marks(now)
    pairs = iterate_paragraph_pairs(list_blocks(was), list_blocks(now))
    rename_places(was, now, list(pairs))
    writer = BlockWriter(before, after, copier, signed, count(100_001))
    writer.compare_blocks(was, now)
    put_contents_marks(now, old_marks, new_marks, writer.track_runs)
    changed = {after.part: after.root}
    for name in list_header_parts(old, new):
        of_part = replace(writer, old=before.open_part(name), new=after.open_part(name))
        of_part.compare_blocks(of_part.old.root, of_part.new.root)
        changed[name] = of_part.new.root
    changed |= copier.changed
    for name, root in changed.items():
        after.parts[name] = etree.tostring(
            root, encoding="UTF-8", xml_declaration=True, standalone=True
        )
    return zip_parts(after.parts, after.parts.__getitem__).getvalue()

"""The manifest that a brief's DOCX carries, read as what the brief said when it was made.

render/docx/README.md has the manifest's keys. It came back from outside, so nothing in it is
taken for more than words: no path of its own is ever opened.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from pipeline.content.model import FrontMatter
from pipeline.diagnostics import Findings, Location, Problems, make_problem
from pipeline.document.markdown_nodes import RAW_SIGNS
from pipeline.document.markdown_reader import MarkdownReader
from pipeline.document.tree import Address, Figure, Paragraph
from pipeline.project.editions import SCHEMAS, find_edition
from pipeline.records import get_field_hints
from pipeline.render.docx.roundtrip_manifest import NAMESPACE
from pipeline.review.edited_docx.style_reader import fold_style_name
from pipeline.review.match.matrix_cells import find_lacking_positions
from pipeline.review.match.sent_brief import (
    BODY_ADDRESS,
    ITEM_FIELDS,
    NOBODY,
    TABLE_CELL,
    Owner,
    OwnerKind,
    SentBrief,
    SentNote,
    SentParagraph,
    SentPicture,
)
from pipeline.review.words.tokens import (
    BlockForm,
    BlockStart,
    StyledText,
    Token,
    iterate_styled_text,
    split_words,
)
from pipeline.word.opc import Package

_ITEM: Final = re.compile(rf"summary\.yaml#({'|'.join(ITEM_FIELDS)})\.(\d+)\.(\w+)")
_NOTE: Final = re.compile(r"\[\^(\d+)\]")
_MANIFEST_ID: Final = "brief-manifest"


def read_sent_brief(package: Package) -> SentBrief:
    """Read the manifest of a DOCX.

    Raises Problems: ``no-manifest`` where there is none, ``bad-manifest`` for one that is
    damaged or of another format, ``not-for-pull`` for a brief that withholds who spoke.
    """
    at = Location(package.name)
    roots = (root for _, root in package.iterate_related("customXml"))
    root = next((root for root in roots if root.tag == f"{{{NAMESPACE}}}manifest"), None)
    if root is None:
        raise make_problem(
            "no-manifest",
            "the file does not say which brief it is",
            at,
            "name the edition that it was made of, with --base REV and a git revision",
        )
    written = root.text or ""
    digest = _read_property(package, _MANIFEST_ID)
    try:
        if digest and digest != hashlib.sha256(written.encode()).hexdigest():
            raise ValueError("its fingerprint is another")
        manifest = json.loads(written)
        if find_edition("docx", manifest["schema"]) == "unknown":
            known = SCHEMAS["docx"]
            raise ValueError(
                f"its schema is {manifest['schema']!r}, this brief reads up to {known}"
            )
        if not manifest["pull"]:
            raise make_problem(
                "not-for-pull",
                "the brief withholds who spoke, or was not made of content: it cannot come back",
                at,
                "make one without --chatham-house for editing",
            )
        return _open_manifest(manifest).read_brief()
    except Problems:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise make_problem(
            "bad-manifest",
            f"what the file says of its brief is damaged: {error}",
            at,
            "name the edition that it was made of, with --base REV and a git revision",
        ) from None


def _read_property(package: Package, name: str) -> str:
    root = package.parse_related("custom-properties", of="")
    for entry in root if root is not None else ():
        if entry.get("name") == name:
            return "".join(entry.itertext())
    return ""


@dataclass(frozen=True, slots=True)
class _ManifestReader:
    """Reads the blocks of a manifest."""

    manifest: Mapping[str, Any]
    sources: Mapping[str, str]
    """The values that the brief showed, by address."""
    markdown: frozenset[str]
    """The addresses of those that are Markdown."""
    notes: Mapping[str, str]
    """Footnotes by number, as Markdown."""
    shown: dict[str, set[str]] = field(default_factory=dict)
    """Of each value the parts that were shown since it last began."""
    instances: dict[str, int] = field(default_factory=dict)
    """How often each value began anew."""
    item_paths: set[tuple[str, ...]] = field(default_factory=set)
    """The items of lists of which a paragraph was read: others go on in them."""
    last_items: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Of each of the summary's lists the words that were shown last."""

    def read_brief(self) -> SentBrief:
        manifest = self.manifest
        blocks = list(manifest["blocks"])
        return SentBrief(
            article=str(manifest["article"]),
            template=str(manifest["template"]),
            part=str(manifest["part"]),
            edition=str(manifest["edition"]),
            blocks=self.read_blocks(blocks),
            pictures=tuple(self.read_pictures(blocks)),
            headers_footers=tuple(map(str, manifest["furniture"])),
            notes=tuple(self.read_note(note) for note in manifest.get("comments", ())),
            sources=self.sources,
            files={str(name): str(digest) for name, digest in manifest["files"].items()},
            links=frozenset(
                str(href) for b in blocks for p in b["pieces"] for href in p.get("links", ())
            ),
        )

    def read_note(self, note: Mapping[str, Any]) -> SentNote:
        """Return a note with the value that began last before it in its file."""
        at = str(note.get("at", ""))
        file, line, _ = [*at.rsplit(":", 2), "", ""][:3]
        above = [
            (int(source["line"]), str(address))
            for address, source in self.manifest["sources"].items()
            if source["file"] == file and line.isdigit() and int(source["line"]) <= int(line)
        ]
        return SentNote(str(note["text"]), at, max(above, default=(0, ""))[1])

    def read_pictures(self, blocks: Sequence[Mapping[str, Any]]) -> Iterator[SentPicture]:
        """Return the pictures; what older manifests do not say of them, their captions tell."""
        words = 0
        for block, following in zip(blocks, [*blocks[1:], {}], strict=True):
            if _find_note_number(block):
                continue
            role = _find_role(block)
            if role not in ("Figure", "Logo"):
                words += _has_own_words(block)
                continue
            has_caption = bool(following) and _find_role(following) == "Caption"
            told = block.get("picture") or self.find_picture(following if has_caption else {})
            said = {key: str(told[key]) for key in ("image", "alt", "sha256") if key in told}
            is_logo = role == "Logo"
            yield SentPicture(
                str(block["anchor"]), words, **said, has_caption=has_caption, is_logo=is_logo
            )

    def find_picture(self, caption: Mapping[str, Any]) -> Mapping[str, str]:
        """Return what the value of a caption says of its picture."""
        addresses = (str(piece.get("address")) for piece in caption.get("pieces", ()))
        written = next((self.sources[a] for a in addresses if a in self.sources), "")
        found = MarkdownReader("manifest", Findings(), image=lambda path, at: path).parse(written)
        for shown in found.read_blocks(found.nodes, lambda number, at: Address("")):
            if isinstance(shown, Figure):
                sha256 = self.manifest["files"].get(f"content/{shown.image}", "")
                return {"image": shown.image, "alt": shown.alt, "sha256": sha256}
        return {}

    def read_blocks(self, blocks: Sequence[Mapping[str, Any]]) -> tuple[SentParagraph, ...]:
        """Return the paragraphs that have words of their own, and are no notes."""
        read: list[SentParagraph] = []
        item: tuple[int, Mapping[str, Any]] | None = None
        lacking = find_lacking_positions(blocks)
        for block, cell in zip(blocks, _number_cells(blocks), strict=True):
            if _find_note_number(block) or not _has_own_words(block):
                continue
            paragraph = replace(self.read_block(block), cell=cell)
            if paragraph.flow and paragraph.flow.kind == "items":
                item = len(read), block
            elif item and _stands_with_item(block, item[1]):
                paragraph = replace(paragraph, item=item[0])
            else:
                item = None
            if address := lacking.get(paragraph.anchor):
                paragraph = replace(paragraph, lacking=Owner("plain", address))
            read.append(paragraph)
        return tuple(read)

    def read_block(self, block: Mapping[str, Any]) -> SentParagraph:
        owners = [NOBODY]
        texts: list[StyledText] = []
        for piece in block["pieces"]:
            owner = self.find_owner(piece, block)
            owners.append(owner)
            number = (len(owners) - 1,)
            if "markdown" in piece:
                read = self.read_words(piece["markdown"])
            else:
                read = [StyledText(str(piece["text"]))]
            texts += [replace(stretch, revisions=number) for stretch in read]
        address = next((str(p["address"]) for p in block["pieces"] if "address" in p), "")
        first = next((o for o in owners if o.is_flow), NOBODY)
        tokens: list[Token] = [
            BlockStart(self.find_form(block, address) if first.is_markdown else BlockForm())
        ]
        own = [first]
        for word in split_words(texts):
            tokens.append(replace(word, revisions=()))
            of = {owners[number] for number in word.revisions}
            own.append(of.pop() if len(of) == 1 else NOBODY)
        return SentParagraph(
            str(block["anchor"]),
            fold_style_name(block["style"]),
            tuple(tokens),
            tuple(own),
            address,
        )

    def find_owner(self, piece: Mapping[str, Any], block: Mapping[str, Any]) -> Owner:
        address = piece.get("address")
        if address is None:
            place = piece.get("template")
            return Owner("none", origin=f"the template says them, {place}") if place else NOBODY
        if address not in self.sources:
            return Owner("none", origin=f"they are quoted from {address}: change them there")
        if match := BODY_ADDRESS.fullmatch(address):
            if _find_role(block) == "Caption":
                return Owner("none", origin=f"an image's caption is changed in {address}")
            scope = f"article.md#{match[1]}"
            shown = f"{address} {block.get('in')} {piece.get('markdown')}"
            return Owner("body", scope, self.count_instance(scope, shown))
        if (match := _ITEM.fullmatch(address)) and len(_list_items(block)) == 1:
            return self.open_item(match)
        if address not in self.markdown:
            kind: OwnerKind = "plain"
        elif TABLE_CELL.fullmatch(address):
            kind = "cell"
        else:
            key = address.partition("#")[2]
            is_question = "." not in key and key not in get_field_hints(FrontMatter)
            kind = "question" if is_question else "prose"
        # A note may show its one value in several paragraphs, all others show theirs whole.
        part = str(piece.get("markdown")) if kind == "prose" else ""
        return Owner(kind, address, self.count_instance(address, part))

    def open_item(self, match: re.Match[str]) -> Owner:
        """Return whose an item's words are: where the items do not rise, the list begins anew."""
        scope = f"summary.yaml#{match[1]}"
        own = int(match[2]), ITEM_FIELDS[match[1]].index(match[3])
        before = self.last_items.get(scope)
        if before is not None and own <= before:
            self.instances[scope] = self.instances.get(scope, 0) + 1
        self.last_items[scope] = own
        return Owner("items", scope, self.instances.get(scope, 0))

    def count_instance(self, scope: str, part: str) -> int:
        """Count how often a value was shown before: one that comes again begins anew."""
        seen = self.shown.setdefault(scope, set())
        if part in seen:
            self.instances[scope] = self.instances.get(scope, 0) + 1
            seen.clear()
        seen.add(part)
        return self.instances.get(scope, 0)

    def find_form(self, block: Mapping[str, Any], address: str) -> BlockForm:
        """Return what kind of block a paragraph of article.md was."""
        around = tuple(str(what) for what in block.get("in", ()))
        lists = [what for what in around if what.startswith(("ordered", "bulleted"))]
        quoted = "quote" in around
        if not lists:
            return BlockForm(is_quoted=quoted)
        if _find_role(block).startswith("ListContinue"):
            return BlockForm("continued", min(len(lists), 3))
        if quoted:
            # There, an item's further paragraphs look like the quotation's.
            path = (address, *around[: len(around) - around[::-1].index(lists[-1])])
            if path in self.item_paths:
                return BlockForm(is_quoted=True)
            self.item_paths.add(path)
        kind: Literal["number", "bullet"] = "number" if lists[-1].startswith("o") else "bullet"
        return BlockForm(kind, len(lists), quoted)

    def read_words(self, written: str) -> Sequence[StyledText]:
        """Read the Markdown of a paragraph's words, with the footnotes that hang on them."""
        numbers = dict.fromkeys(_NOTE.findall(written))
        notes = [f"[^{n}]: {self.notes[n]}" for n in numbers if n in self.notes]
        reader = MarkdownReader("manifest", Findings(), line_end=" ")
        parsed = reader.parse("\n\n".join([written, *notes]))
        blocks = parsed.read_blocks(parsed.nodes, lambda number, at: Address(""))
        # Briefs of earlier versions printed signs that are refused today.
        is_refused = any(found.code != RAW_SIGNS for found in reader.findings.found)
        if is_refused or len(blocks) != 1 or not isinstance(blocks[0], Paragraph):
            raise ValueError("its Markdown is not what brief writes")
        return list(iterate_styled_text(blocks[0].children))


def _open_manifest(manifest: Mapping[str, Any]) -> _ManifestReader:
    """Return a reader of a manifest that has its values and its footnotes."""
    sources = {
        str(address): str(source.get("markdown", source.get("text", "")))
        for address, source in manifest["sources"].items()
    }
    markdown = {str(a) for a, source in manifest["sources"].items() if "markdown" in source}
    notes: dict[str, str] = {}
    for block in manifest["blocks"]:
        if number := _find_note_number(block):
            words = "".join(_read_markdown(piece) for piece in block["pieces"])
            before = notes.get(number)
            notes[number] = f"{before}\n\n    {words}" if before else words
    return _ManifestReader(manifest, sources, frozenset(markdown), notes)


def _number_cells(blocks: Sequence[Mapping[str, Any]]) -> Iterator[int]:
    """Yield the number of the cell that each block stands in, a box being a table of one."""
    opened: list[tuple[tuple[str, ...], int]] = []
    number = 0
    for block in blocks:
        around = tuple(str(what) for what in block.get("in", ()))
        ends = [n for n, what in enumerate(around, 1) if what == "box" or what.startswith("row ")]
        path = around[: ends[-1]] if ends else ()
        while opened and path[: len(opened[-1][0])] != opened[-1][0]:
            opened.pop()
        if path and (not opened or opened[-1][0] != path):
            number += 1
            opened.append((path, number))
        yield opened[-1][1] if opened else 0


def _list_items(block: Mapping[str, Any]) -> set[str]:
    """Return the addresses of the items' words that a block shows."""
    addresses = {str(piece.get("address", "")) for piece in block["pieces"]}
    return {address for address in addresses if _ITEM.fullmatch(address)}


def _stands_with_item(block: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    """Return whether a block belongs to the item of a list whose words stand above."""
    around, inner = list(item.get("in", ())), list(block.get("in", ()))
    is_listed = around and around[-1].startswith(("ordered", "bulleted", "definition"))
    if is_listed and around != inner and inner[: len(around)] == around:
        return True
    of = {address.rpartition(".")[0] for address in _list_items(item)}
    addresses = (str(piece.get("address", "")) for piece in block["pieces"])
    return any(address.startswith(f"{name}.") for address in addresses for name in of)


def _find_note_number(block: Mapping[str, Any]) -> str:
    """Return the number of the footnote that a block stands in."""
    return next((w.partition(" ")[2] for w in block.get("in", ()) if w.startswith("note ")), "")


def _find_role(block: Mapping[str, Any]) -> str:
    """Return which of brief's styles a block has, wherever it begins and whatever its id is."""
    return str(block.get("role", block["style"]))


def _has_own_words(block: Mapping[str, Any]) -> bool:
    """Return whether a paragraph has words of its own; those of the contents are copies."""
    return any(piece["text"].strip() for piece in block["pieces"]) and not (
        block["kind"] == "generated" and _find_role(block).startswith("TOC")
    )


def _read_markdown(piece: Mapping[str, Any]) -> str:
    return str(piece.get("markdown", piece["text"]))

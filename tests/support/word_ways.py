"""Edits as Word, LibreOffice and others write them, where that is not the plainest way."""

from __future__ import annotations

import copy

import lxml.etree

from tests.support.editor import Editor, read_words, text, w
from tests.support.read_outputs import W

MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
SYMEX = "http://schemas.microsoft.com/office/word/2015/wordml/symex"
INK = "1B1E22"
"""The colour of running text."""


def type_over(editor: Editor, start: str, words: str) -> None:
    """Type a paragraph anew, its bookmark gone with the old words."""
    paragraph = editor.paragraph(start)
    properties = paragraph.find(f"{W}pPr")
    if editor.author:
        properties.addnext(editor.write(w("r", text(words))))
        for run in [r for r in paragraph.iter(f"{W}r") if r.find(f"{W}t") is not None][1:]:
            editor.strike(run)
        return
    for node in list(paragraph)[1:]:
        paragraph.remove(node)
    paragraph.append(w("r", text(words)))


def insert_emoji(editor: Editor, after: str, emoji: str = "😀") -> None:
    """Insert an emoji as Word writes it: a form of its own, and words for other programs."""
    element = lxml.etree.fromstring(
        f'<mc:AlternateContent xmlns:mc="{MC}" xmlns:w="{W[1:-1]}" xmlns:w16se="{SYMEX}">'
        '<mc:Choice Requires="w16se"><w16se:symEx w16se:font="Segoe UI Emoji" '
        f'w16se:char="{ord(emoji[0]):X}"/></mc:Choice>'
        f"<mc:Fallback><w:t>{emoji}</w:t></mc:Fallback></mc:AlternateContent>"
    )
    font = w("rPr", w("rFonts", ascii="Segoe UI Emoji", hAnsi="Segoe UI Emoji"))
    last = editor.runs(after)[-1]
    blank = editor.write(w("r", text(" ")))
    last.addnext(blank)
    blank.addnext(editor.write(w("r", font, element)))


def link_by_field(editor: Editor, words: str, address: str) -> None:
    """Make words a link by a field, its characters tracked, as Word does."""
    runs = editor.runs(words)
    for tag, part in (("begin", None), ("instr", address), ("separate", None)):
        runs[0].addprevious(editor.write(_make_field_run(tag, part)))
    for run in runs:
        _set_style(editor, run, "Hyperlink")
    runs[-1].addnext(editor.write(_make_field_run("end")))


def unlink_field(editor: Editor, words: str) -> None:
    """Take a link away that is a field: its characters go, its words stay."""
    link = next(h for h in editor.paragraph(words).iter(f"{W}hyperlink") if words in read_words(h))
    before = [_make_field_run("begin"), _make_field_run("instr", "https://example.org/a"),
              _make_field_run("separate")]  # fmt: skip
    after = _make_field_run("end")
    for run in (*before, *link, after):
        link.addprevious(run)
    inside = [run for run in before[-1].itersiblings() if run.tag == f"{W}r"]
    for run in inside[: inside.index(after)]:
        _set_style(editor, run, "")
    link.getparent().remove(link)
    for run in (*before, after):
        for instruction in run.iter(f"{W}instrText"):
            instruction.tag = f"{W}delInstrText" if editor.author else instruction.tag
        editor.strike(run)


def _make_field_run(kind: str, address: str | None = None):
    if kind == "instr":
        return w("r", text(f' HYPERLINK "{address}" ', "instrText"))
    return w("r", w("fldChar", fldCharType=kind))


def _set_style(editor: Editor, run, style: str) -> None:
    properties = run.find(f"{W}rPr")
    if properties is None:
        properties = w("rPr")
        run.insert(0, properties)
    was = copy.deepcopy(properties)
    for node in properties.findall(f"{W}rStyle"):
        properties.remove(node)
    if style:
        properties.insert(0, w("rStyle", val=style))
    if editor.author:
        properties.append(editor.change("rPrChange", was))


def embolden_in_ink(editor: Editor, words: str) -> None:
    """Set words bold as LibreOffice does, which writes the paragraph's own colour out."""
    editor.set(words, "b")
    for run in editor.runs(words):
        run.find(f"{W}rPr").insert(1, w("color", val=INK, themeColor="text1"))


def write_ink_out(editor: Editor, start: str = "") -> None:
    """Write the colour of running text on every run."""
    for run in editor.body.iter(f"{W}r"):
        if run.find(f"{W}t") is not None and run.find(f"{W}rPr/{W}rStyle") is None:
            properties = run.find(f"{W}rPr")
            if properties is None:
                properties = w("rPr")
                run.insert(0, properties)
            properties.append(w("color", val=INK))


def move_by_marks(editor: Editor, start: str, behind: str) -> None:
    """Move a paragraph so that its marks alone say it: the words stand between range marks."""
    paragraph, target = editor.paragraph(start), editor.paragraph(behind)
    if not editor.author:
        target.addnext(paragraph)
        return
    new = copy.deepcopy(paragraph)
    for mark in list(new.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        mark.getparent().remove(mark)
    target.addnext(new)
    for tag, moved in (("moveTo", new), ("moveFrom", paragraph)):
        start_mark = editor.change(f"{tag}RangeStart")
        start_mark.set(f"{W}name", "move1")
        moved.find(f"{W}pPr").addnext(start_mark)
        moved.addnext(w(f"{tag}RangeEnd", id=start_mark.get(f"{W}id")))
        editor.mark(moved, tag)

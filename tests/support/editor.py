"""An editor who works on a DOCX as Word does, in the file itself: tracked, or not, or accepted."""

from __future__ import annotations

import copy
import zipfile
from io import BytesIO

import lxml.etree

from tests.support.read_outputs import W

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
DAY = "2024-03-01T10:00:00Z"
CHANGES = ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange")


def w(tag: str, *children, **attributes):
    element = lxml.etree.Element(W + tag)
    for name, value in attributes.items():
        element.set(W + name, str(value))
    element.extend(children)
    return element


def text(words: str, tag: str = "t"):
    element = w(tag)
    element.text = words
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element


class Editor:
    """Edits one file; with an author's name, every change is tracked."""

    def __init__(self, data: bytes, author: str = "") -> None:
        with zipfile.ZipFile(BytesIO(data)) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}
        self.root = lxml.etree.fromstring(self.parts["word/document.xml"])
        (self.body,) = self.root.findall(f"{W}body")
        self.author = author
        self.ids = 9000

    def save(self) -> bytes:
        self.parts["word/document.xml"] = lxml.etree.tostring(self.root)
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
            for name, data in self.parts.items():
                package.writestr(name, data)
        return buffer.getvalue()

    # --- finding ------------------------------------------------------------------------

    def paragraph(self, words: str):
        """Return the first paragraph of running text with some words, the contents aside."""
        for paragraph in self.root.iter(f"{W}p"):
            style = paragraph.find(f"{W}pPr/{W}pStyle")
            if words in read_words(paragraph) and not style.get(f"{W}val").startswith("TOC"):
                return paragraph
        raise AssertionError(f"nothing says {words!r}")

    def runs(self, words: str, paragraph=None) -> list:
        """Divide runs so that some cover words exactly, and return those."""
        paragraph = self.paragraph(words) if paragraph is None else paragraph
        start = read_words(paragraph).index(words)
        end = start + len(words)
        found, at = [], 0
        for run in list(_living(paragraph)):
            for node in list(run):
                if node.tag != f"{W}t":
                    continue
                length = len(node.text or "")
                first, last = max(start - at, 0), min(end - at, length)
                at += length
                if first >= last:
                    continue
                found.append(_cut(run, node, first, last))
        return found

    # --- what is tracked ----------------------------------------------------------------

    def change(self, tag: str, *children):
        self.ids += 1
        return w(tag, *children, id=self.ids, author=self.author, date=DAY)

    def strike(self, run) -> None:
        """Delete a run."""
        if not self.author:
            run.getparent().remove(run)
            return
        if run.getparent().tag == f"{W}ins" and run.getparent().get(f"{W}author") == self.author:
            run.getparent().remove(run)  # one's own insertion is just taken back
            return
        for node in run.iter(f"{W}t"):
            node.tag = f"{W}delText"
        wrapper = self.change("del")
        run.addprevious(wrapper)
        wrapper.append(run)

    def write(self, run, like=None):
        """Return what puts a new run into the text."""
        if like is not None and (properties := like.find(f"{W}rPr")) is not None:
            run.insert(0, copy.deepcopy(properties))
        return self.change("ins", run) if self.author else run

    def mark(self, paragraph, tag: str) -> None:
        """Track the insertion or deletion of a paragraph's mark."""
        properties = paragraph.find(f"{W}pPr")
        letters = properties.find(f"{W}rPr")
        if letters is None:
            letters = w("rPr")
            place = properties.find(f"{W}sectPr")
            properties.append(letters) if place is None else place.addprevious(letters)
        letters.insert(0, self.change(tag))

    # --- words --------------------------------------------------------------------------

    def replace(self, old: str, new: str, paragraph=None) -> None:
        runs = self.runs(old, paragraph)
        if new:
            runs[-1].addnext(self.write(w("r", text(new)), runs[0]))
        for run in runs:
            self.strike(run)

    def delete(self, words: str) -> None:
        self.replace(words, "")

    def insert(self, after: str, new: str) -> None:
        run = self.runs(after)[-1]
        while run.getparent().tag != f"{W}p" and not self.author:
            break
        run.addnext(self.write(w("r", text(new)), run))

    def retype(self, start: str, new: str) -> None:
        """Type a paragraph anew, in its place."""
        paragraph = self.paragraph(start)
        runs = [r for r in _living(paragraph) if r.find(f"{W}t") is not None]
        runs[0].addprevious(self.write(w("r", text(new))))
        for run in runs:
            self.strike(run)

    # --- paragraphs ---------------------------------------------------------------------

    def split(self, before: str, paragraph=None) -> None:
        """Press Enter before some words."""
        run = self.runs(before, paragraph)[0]
        paragraph = run.getparent()
        while paragraph.tag != f"{W}p":
            run, paragraph = paragraph, paragraph.getparent()
        first = w("p", copy.deepcopy(paragraph.find(f"{W}pPr")))
        for node in list(paragraph)[1 : paragraph.index(run)]:
            first.append(node)
        paragraph.addprevious(first)
        if self.author:
            self.mark(first, "ins")

    def merge(self, start: str) -> None:
        """Delete the mark of a paragraph, so that the next one goes on in it."""
        paragraph = self.paragraph(start)
        if self.author:
            self.mark(paragraph, "del")
            return
        following = paragraph.getnext()
        for node in list(following)[1:]:
            paragraph.append(node)
        following.getparent().remove(following)

    def paragraph_after(self, start: str, words: str, style: str = "") -> None:
        """Write a new paragraph behind one, like it."""
        paragraph = self.paragraph(start)
        properties = copy.deepcopy(paragraph.find(f"{W}pPr"))
        if style:
            properties.find(f"{W}pStyle").set(f"{W}val", style)
        new = w("p", properties, self.write(w("r", text(words))))
        paragraph.addnext(new)
        if self.author:
            self.mark(new, "ins")

    def drop(self, start: str) -> None:
        """Delete a paragraph with its mark."""
        paragraph = self.paragraph(start)
        if not self.author:
            paragraph.getparent().remove(paragraph)
            return
        for run in list(_living(paragraph)):
            self.strike(run)
        self.mark(paragraph, "del")

    def move(self, start: str, behind: str) -> None:
        """Move a paragraph behind another."""
        paragraph, target = self.paragraph(start), self.paragraph(behind)
        if not self.author:
            target.addnext(paragraph)
            return
        new = copy.deepcopy(paragraph)
        for mark in list(new.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
            mark.getparent().remove(mark)
        for tag, moved in (("moveTo", new), ("moveFrom", paragraph)):
            for run in list(_living(moved)):
                wrapper = self.change(tag)
                run.addprevious(wrapper)
                wrapper.append(run)
        target.addnext(new)
        self.mark(new, "moveTo")
        self.mark(paragraph, "moveFrom")

    def copy(self, start: str, behind: str) -> None:
        """Copy a paragraph behind another, as LibreOffice names its bookmarks."""
        twin = copy.deepcopy(self.paragraph(start))
        for mark in twin.iter(f"{W}bookmarkStart"):
            mark.set(f"{W}name", f"{mark.get(f'{W}name')}_Copy_1")
        for mark in twin.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd"):
            mark.set(f"{W}id", f"7{mark.get(f'{W}id')}")
        if self.author:
            for run in list(_living(twin)):
                wrapper = self.change("ins")
                run.addprevious(wrapper)
                wrapper.append(run)
            self.mark(twin, "ins")
        self.paragraph(behind).addnext(twin)

    # --- how words are set --------------------------------------------------------------

    def set(self, words: str, tag: str, **attributes) -> None:
        """Set words bold (``b``), italic (``i``) and so on."""
        for run in self.runs(words):
            properties = run.find(f"{W}rPr")
            if properties is None:
                properties = w("rPr")
                run.insert(0, properties)
            was = copy.deepcopy(properties)
            for node in properties.findall(f"{W}{tag}"):
                properties.remove(node)
            named = properties.find(f"{W}rStyle")
            element = w(tag, **attributes)
            properties.insert(0, element) if named is None else named.addnext(element)
            if self.author:
                properties.append(self.change("rPrChange", was))

    def link(self, words: str, address: str) -> None:
        runs = self.runs(words)
        element = w("hyperlink")
        element.set(f"{R}id", self.relate("document", "hyperlink", address, outside=True))
        runs[0].addprevious(element)
        for run in runs:
            if self.author:
                twin = copy.deepcopy(run)
                element.append(self.change("ins", twin))
                self.strike(run)
            else:
                element.append(run)

    def unlink(self, words: str) -> None:
        """Take a link's address away; its words stay."""
        link = next(
            h for h in self.paragraph(words).iter(f"{W}hyperlink") if words in read_words(h)
        )
        for run in list(link):
            twin = copy.deepcopy(run)
            for node in twin.findall(f"{W}rPr"):
                twin.remove(node)
            link.addprevious(self.change("ins", twin) if self.author else twin)
            if self.author:
                self.strike(run)
        if not self.author:
            link.getparent().remove(link)

    def restyle(self, start: str, style: str, number: str = "") -> None:
        properties = self.paragraph(start).find(f"{W}pPr")
        was = w("pPr", copy.deepcopy(properties[0]))
        properties[0].set(f"{W}val", style)
        for node in properties.findall(f"{W}numPr"):
            properties.remove(node)
        if number:
            properties[0].addnext(w("numPr", w("ilvl", val=0), w("numId", val=number)))
        if self.author:
            properties.append(self.change("pPrChange", was))

    # --- notes and comments -------------------------------------------------------------

    def footnote(self, after: str, words: str) -> None:
        root = lxml.etree.fromstring(self.parts["word/footnotes.xml"])
        number = max(int(note.attrib[f"{W}id"]) for note in root) + 1
        mark = w("r", w("rPr", w("rStyle", val="FootnoteReference")), w("footnoteRef"))
        body = w("p", w("pPr", w("pStyle", val="FootnoteText")), mark, w("r", text(f" {words}")))
        root.append(w("footnote", body, id=number))
        self.parts["word/footnotes.xml"] = lxml.etree.tostring(root)
        called = w("r", w("rPr", w("rStyle", val="FootnoteReference")))
        called.append(w("footnoteReference", id=number))
        self.runs(after)[-1].addnext(self.change("ins", called) if self.author else called)

    def comment(self, on: str, words: str, *, answers: int = -1, resolved: bool = False) -> int:
        """Comment on words, or answer a comment; return its number."""
        name = "word/comments.xml"
        root = lxml.etree.fromstring(self.parts.get(name, lxml.etree.tostring(w("comments"))))
        number = len(root)
        body = w("p", w("r", text(words)))
        root.append(w("comment", body, id=number, author=self.author or "Ed", date=DAY))
        self.parts[name] = lxml.etree.tostring(root)
        if number == 0:
            self.part("comments", f"{WORD}comments+xml", f"{OFFICE}/comments")
        self.thread(number, answers, resolved=resolved)
        runs = self.runs(on)
        runs[0].addprevious(w("commentRangeStart", id=number))
        end = w("commentRangeEnd", id=number)
        runs[-1].addnext(end)
        end.addnext(w("r", w("commentReference", id=number)))
        return number

    def thread(self, number: int, answers: int = -1, *, resolved: bool = False) -> None:
        """Note of a comment which one it answers, and whether it is resolved, as Word does."""
        name, extended = "word/comments.xml", "word/commentsExtended.xml"
        root = lxml.etree.fromstring(self.parts[name])
        for comment in root:
            own = f"0000AB{int(comment.attrib[f'{W}id']):02}"
            comment.find(f"{W}p").set(f"{{{W14}}}paraId", own)
        self.parts[name] = lxml.etree.tostring(root)
        if extended not in self.parts:
            kind = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
            self.part("commentsExtended", f"{WORD}commentsExtended+xml", kind)
        empty = f'<w15:commentsEx xmlns:w15="{W15}"/>'.encode()
        threads = lxml.etree.fromstring(self.parts.get(extended, empty))
        entry = lxml.etree.SubElement(threads, f"{{{W15}}}commentEx")
        entry.set(f"{{{W15}}}paraId", f"0000AB{number:02}")
        entry.set(f"{{{W15}}}done", str(int(resolved)))
        if answers >= 0:
            entry.set(f"{{{W15}}}paraIdParent", f"0000AB{answers:02}")
        self.parts[extended] = lxml.etree.tostring(threads)

    # --- the package --------------------------------------------------------------------

    def part(self, name: str, content_type: str, kind: str) -> None:
        types = lxml.etree.fromstring(self.parts["[Content_Types].xml"])
        element = lxml.etree.SubElement(types, f"{{{PACKAGE}content-types}}Override")
        element.set("PartName", f"/word/{name}.xml")
        element.set("ContentType", content_type)
        self.parts["[Content_Types].xml"] = lxml.etree.tostring(types)
        self.relate("document", kind, f"{name}.xml")

    def relate(self, part: str, kind: str, target: str, *, outside: bool = False) -> str:
        name = f"word/_rels/{part}.xml.rels"
        root = lxml.etree.fromstring(self.parts[name])
        element = lxml.etree.SubElement(root, f"{{{PACKAGE}relationships}}Relationship")
        id = f"rIdE{len(root)}"
        element.set("Id", id)
        element.set("Type", kind if kind.startswith("http") else f"{OFFICE}/{kind}")
        element.set("Target", target)
        if outside:
            element.set("TargetMode", "External")
        self.parts[name] = lxml.etree.tostring(root)
        return id


def accept_changes(data: bytes) -> bytes:
    """Accept every change, as Word does before a file is sent."""
    editor = Editor(data)
    root = editor.root
    for paragraph in list(root.iter(f"{W}p")):
        letters = paragraph.find(f"{W}pPr/{W}rPr")
        if letters is not None and any(
            letters.find(f"{W}{tag}") is not None for tag in ("del", "moveFrom")
        ):
            is_bare = next(paragraph.iterfind(f"{W}moveFrom"), None) is None
            is_moved = letters.find(f"{W}moveFrom") is not None and is_bare
            paragraph[0].remove(letters)
            following = next(paragraph.itersiblings(f"{W}p"), None)
            own = [] if is_moved else list(paragraph)[1:]
            if following is not None:
                for node in reversed(own):
                    following.insert(1, node)
                if any(_has_words(node) for node in own):
                    following.replace(following[0], copy.deepcopy(paragraph[0]))
                paragraph.getparent().remove(paragraph)
    for tag in ("del", "moveFrom"):
        for node in list(root.iter(f"{W}{tag}")):
            node.getparent().remove(node)
    for tag in ("ins", "moveTo"):
        for node in list(root.iter(f"{W}{tag}")):
            for child in list(node):
                node.addprevious(child)
            node.getparent().remove(node)
    for tag in ("rPrChange", "pPrChange"):
        for node in list(root.iter(f"{W}{tag}")):
            node.getparent().remove(node)
    for link in list(root.iter(f"{W}hyperlink")):
        if len(link) == 0:
            link.getparent().remove(link)
    return editor.save()


def count_revisions(data: bytes) -> int:
    """Count the tracked changes of a file's text, without knowing what they do."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        root = lxml.etree.fromstring(package.read("word/document.xml"))
    return sum(1 for tag in CHANGES for _ in root.iter(f"{W}{tag}"))


def read_words(element) -> str:
    """Return the words that stand, without those that a tracked change took away."""
    return "".join(n.text or "" for run in _living(element) for n in run if n.tag == f"{W}t")


def _has_words(node) -> bool:
    return any(
        t.text and not any(a.tag in (f"{W}del", f"{W}moveFrom") for a in t.iterancestors())
        for t in node.iter(f"{W}t")
    )


def _living(element):
    for run in element.iter(f"{W}r"):
        if run.getparent().tag not in (f"{W}del", f"{W}moveFrom"):
            yield run


def _cut(run, node, first: int, last: int):
    """Divide a run with one text so that one run has its characters from first to last."""
    words = node.text or ""
    properties = run.find(f"{W}rPr")

    def twin(part: str):
        element = w("r", text(part))
        if properties is not None:
            element.insert(0, copy.deepcopy(properties))
        return element

    nodes = [n for n in run if n.tag != f"{W}rPr"]
    at = nodes.index(node)
    for others, put in ((nodes[:at], run.addprevious), (nodes[:at:-1], run.addnext)):
        for other in others:  # a tab, say, stands in a run of its own then
            element = w("r", other)
            if properties is not None:
                element.insert(0, copy.deepcopy(properties))
            put(element)
    if first:
        run.addprevious(twin(words[:first]))
    if last < len(words):
        run.addnext(twin(words[last:]))
    node.text = words[first:last]
    node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return run

"""Reading an editor's DOCX: what it says with changes accepted and rejected, and hostile files."""

from __future__ import annotations

import copy
import sys
import zipfile
from io import BytesIO

import lxml.etree
import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diagnostics import Problems
from pipeline.review.edited_docx import reader
from pipeline.review.words.tokens import format_tokens
from pipeline.system.limits import DEFAULT_LIMITS, PackageLimits
from tests.support.editor import W15, Editor, text, w
from tests.support.edits import EDITS
from tests.support.read_outputs import W
from tests.support.review_project import get_docx, pull_files, write_project

AUTHOR = {"id": 1, "author": "Ann", "date": "2024-03-01T10:00:00Z"}


@pytest.fixture(scope="module")
def brief(tmp_path_factory) -> bytes:
    return get_docx("per-question", write_project(tmp_path_factory.mktemp("brief")))


@pytest.fixture
def read(tmp_path):
    """Reads a file's bytes."""

    def read_bytes(
        data: bytes, limits: PackageLimits = DEFAULT_LIMITS.packages
    ) -> reader.EditedDocx:
        path = tmp_path / "edited.docx"
        path.write_bytes(data)
        return reader.read_edited_docx(path, "edited.docx", limits)

    return read_bytes


def document(brief: bytes, *blocks) -> bytes:
    """Put other blocks in the place of a brief's own."""
    editor = Editor(brief)
    for node in list(editor.body)[:-1]:
        editor.body.remove(node)
    for block in reversed(blocks):
        editor.body.insert(0, block)
    return editor.save()


def both(edited: reader.EditedDocx) -> tuple[list[str], list[str]]:
    """Return the lines with all changes accepted, and rejected."""
    views = (edited.accepted, edited.rejected)
    accepted, rejected = (
        [format_tokens(x.words) for x in v.list_lines(edited.paragraphs)] for v in views
    )
    return accepted, rejected


def paragraph(*content, mark=()):
    return w("p", w("pPr", w("rPr", *(w(tag, **AUTHOR) for tag in mark))), *content)


def run(words: str, tag: str = "t"):
    return w("r", text(words, tag))


def deleted(*runs):
    return w("del", *runs, **AUTHOR)


# --- what it says -----------------------------------------------------------------------------


def test_insertions_deletions_moves_and_what_is_nested_in_them(brief, read):
    edited = read(
        document(
            brief,
            paragraph(
                run("one "),
                w("ins", run("two "), **AUTHOR),
                deleted(run("three ", "delText")),
                w("moveFrom", run("four "), **AUTHOR),
                w("moveTo", run("five "), **AUTHOR),
                w("ins", deleted(run("six ", "delText")), **AUTHOR),
                run("seven"),
            ),
        )
    )

    assert both(edited) == (["one two five seven"], ["one three four seven"])
    assert [r.kind for r in edited.revisions] == [
        "inserted", "deleted", "moved away", "moved here", "inserted", "deleted",
    ]  # fmt: skip


def test_a_paragraphs_mark_joins_and_divides(brief, read):
    edited = read(
        document(
            brief,
            paragraph(run("one "), mark=["del"]),
            paragraph(run("two")),
            paragraph(run("three "), mark=["ins"]),
            paragraph(run("four")),
        )
    )

    assert both(edited) == (["one two", "three", "four"], ["one", "two", "three four"])


def test_rows_and_cells_come_and_go(brief, read):
    def row(words: str, *properties, cell=()):
        element = w("tc", w("tcPr", *cell), paragraph(run(words)))
        return w("tr", w("trPr", *properties), element)

    table = w(
        "tbl",
        w("tblPr"),
        row("stays"),
        row("comes", w("ins", **AUTHOR)),
        row("goes", w("del", **AUTHOR)),
        row("cell comes", cell=[w("cellIns", **AUTHOR)]),
    )
    edited = read(document(brief, paragraph(run("before")), table, paragraph(run("behind"))))

    assert both(edited) == (
        ["before", "stays", "comes", "cell comes", "behind"],
        ["before", "stays", "goes", "behind"],
    )


def test_what_only_stands_round_words_is_seen_through(brief, read):
    inner = w("sdt", w("sdtPr"), w("sdtContent", w("smartTag", run("two "))))
    field = w("fldSimple", run("12"), instr=" PAGEREF _ref_q1 ")
    block = w("sdt", w("sdtContent", paragraph(run("one "), inner, field, run("three"))))

    edited = read(document(brief, block))

    assert both(edited) == (["one two three"], ["one two three"])
    assert edited.unknown == ()


def field(instruction: str, words: str):
    kinds = ("begin", "separate", "end")
    begin, middle, end = (w("r", w("fldChar", fldCharType=kind)) for kind in kinds)
    return begin, run(instruction, "instrText"), middle, run(words), end


def test_links_as_fields_are_links_and_a_briefs_own_fields_are_computed(brief, read):
    edited = read(
        document(
            brief,
            paragraph(
                *field(' HYPERLINK "https://example.org" ', "linked"),
                *field(" PAGEREF _ref_q1 \\h ", "7"),
            ),
        )
    )

    (line,) = edited.accepted.list_lines(edited.paragraphs)
    assert [(word.text, word.style.link) for word in line.words] == [
        ("linked", "https://example.org")
    ]


def test_words_that_an_editors_field_writes_are_words(brief, read):
    simple = w("fldSimple", run("two "), instr=" AUTHOR ")
    date = field(" DATE ", "three ")
    reference = field(" REF _Ref123 \\h ", "four")

    edited = read(document(brief, paragraph(run("one "), simple, *date, *reference)))

    (line,) = edited.accepted.list_lines(edited.paragraphs)
    assert format_tokens(line.words) == "one two three four"
    assert line.others == tuple(
        f"written by a field ({name})" for name in ("AUTHOR", "DATE", "REF")
    )


def test_signs_that_word_makes_of_what_is_typed_are_words(brief, read):
    smile = w("r", w("sym", font="Wingdings", char="F04A"))
    other = w("r", w("sym", font="Wingdings", char="F021"))

    edited = read(document(brief, paragraph(run("Fine "), smile, other)))

    assert both(edited)[0] == ["Fine ☺"]
    assert [unknown.name for unknown in edited.unknown] == ["sym"]


def test_a_note_that_is_called_without_end_is_read_some_times(brief, read):
    editor = Editor(brief)
    editor.footnote("Because", "A note.")
    called = next(
        r
        for r in editor.paragraph("Because").iter(f"{W}r")
        if r.find(f"{W}footnoteReference") is not None
    )
    for _ in range(20):
        called.addnext(copy.deepcopy(called))

    edited = read(editor.save())

    assert {unknown.name for unknown in edited.unknown} == {"footnoteReference"}


def test_a_change_of_look_without_the_old_one_is_tolerated(brief, read):
    changed = w("r", w("rPr", w("b"), w("rPrChange", **AUTHOR)), text("bold"))

    edited = read(document(brief, paragraph(changed)))

    accepted, rejected = (
        v.list_lines(edited.paragraphs)[0].words[0].style
        for v in (edited.accepted, edited.rejected)
    )
    assert (accepted.strong, rejected.strong) == (True, False)


def test_one_authors_changes_can_be_accepted_alone(brief, read):
    other = w("ins", run(" two"), **{**AUTHOR, "author": "Bob"})
    edited = read(document(brief, paragraph(run("none"), w("ins", run(" one"), **AUTHOR), other)))

    assert [
        format_tokens(line.words)
        for line in edited.accept_author("Bob").list_lines(edited.paragraphs)
    ] == ["none two"]


@pytest.mark.parametrize(
    "element", [w("r", w("object")), w("subDoc"), w("r", w("drawing", w("txbxContent")))]
)
def test_what_is_not_known_is_listed(brief, read, element):
    edited = read(document(brief, paragraph(run("words"), element)))
    assert [(u.paragraph) for u in edited.unknown] == [1]


def test_threads_of_comments(brief, read):
    editor = Editor(brief, "Ann")
    first = editor.comment("as a rule", "Why?")
    editor.comment("as a rule", "Because.", answers=first, resolved=True)

    comments = read(editor.save()).comments

    assert [(c.text, c.answers, c.is_resolved) for c in comments] == [
        ("Why?", "", False),
        ("Because.", "0", True),
    ]
    assert W15 in editor.parts["word/commentsExtended.xml"].decode()


# --- compared with pandoc ---------------------------------------------------------------------


def results(root):
    """Return the words that fields show."""
    open_fields, found = 0, []
    for node in root.iter(f"{W}fldChar", f"{W}t"):
        if node.tag == f"{W}t":
            found += [node] if open_fields else []
        else:
            open_fields += {"begin": 1, "end": -1}.get(node.get(f"{W}fldCharType"), 0)
    return found


# To pandoc, words between the marks of a move's range stand at both places.
@pytest.mark.slow
@pytest.mark.parametrize("name", sorted({*EDITS} - {"move on marks only"}))
def test_accepted_and_rejected_text_is_what_pandoc_reads(brief, read, tmp_path, name):
    editor = Editor(brief, "Ann")
    EDITS[name][0](editor)
    # To pandoc, what a field computes is text, and so is a table's title.
    for element in [*results(editor.root), *editor.root.iter(f"{W}tblCaption")]:
        element.getparent().remove(element)
    path = tmp_path / "given.docx"
    path.write_bytes(editor.save())
    edited = read(path.read_bytes())

    for view, how in ((edited.accepted, "accept"), (edited.rejected, "reject")):
        theirs = pypandoc.convert_file(
            str(path), "plain", extra_args=["--wrap=none", f"--track-changes={how}"]
        )
        ours = " ".join(format_tokens(line.words) for line in view.list_lines(edited.paragraphs))
        assert _letters(ours) == _letters(theirs)


def _letters(words: str) -> str:
    """Return letters and figures in one order; pandoc puts notes last, and their numbers in."""
    return "".join(sorted(filter(str.isalpha, words)))


# --- hostile files ------------------------------------------------------------------------------


def changed(brief: bytes, **parts: bytes) -> bytes:
    """Return a DOCX with parts changed or added; ``__`` is a slash, ``_`` a dot."""
    editor = Editor(brief)
    for name, data in parts.items():
        editor.parts[name.replace("__", "/").replace("_", ".")] = data
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in editor.parts.items():
            zipped.writestr(name, data)
    return buffer.getvalue()


def check_refusal(read, data: bytes, code: str = "bad-word-file", **given) -> str:
    with pytest.raises(Problems) as raised:
        read(data, **given)
    (found,) = raised.value.diagnostics
    assert found.code == code
    return found.message


def test_a_part_that_unpacks_without_end_is_refused(brief, read):
    limits = PackageLimits(xml_bytes=1_000_000)
    bomb = b"<w>" + b" " * 2_000_000 + b"</w>"
    data = changed(brief, word__styles_xml=bomb)
    assert "unpacks to over 1 MB" in check_refusal(read, data, "too-large", limits=limits)


def test_entities_are_refused(brief, read):
    part = (
        b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
        b'<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
    )
    assert "document type" in check_refusal(read, changed(brief, word__styles_xml=part))


@pytest.mark.parametrize("name", ["../outside.xml", "/word/x.xml", "word//x.xml", "word\\x.xml"])
def test_parts_with_paths_for_names_are_refused(brief, read, name):
    editor = Editor(brief)
    editor.parts[name] = b"<x/>"
    assert "cannot be called" in check_refusal(read, editor.save())


def test_parts_outside_of_the_package_are_not_read(brief, read):
    name = "word/_rels/document.xml.rels"
    editor = Editor(brief)
    root = lxml.etree.fromstring(editor.parts[name])
    for relation in root:
        if relation.get("Type").endswith(("/styles", "/footnotes")):
            relation.set("TargetMode", "External")
            relation.set("Target", "file:///etc/passwd")
    editor.parts[name] = lxml.etree.tostring(root)

    edited = read(editor.save())

    assert [u.name for u in edited.unknown] == ["footnoteReference"]


def test_links_to_files_are_not_known(brief, read):
    editor = Editor(brief)
    editor.link("as a rule", "file:///etc/passwd")
    assert [u.name for u in read(editor.save()).unknown] == ["hyperlink"]


def test_nesting_without_end_is_refused(brief, read):
    block = paragraph(run("deep"))
    for _ in range(110):
        block = w("sdt", w("sdtContent", block))
    assert "nested" in check_refusal(read, document(brief, block))


def test_a_password_is_told(read):
    with pytest.raises(Problems) as raised:
        read(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    assert [d.code for d in raised.value.diagnostics] == ["encrypted-file"]


@settings(max_examples=40)
@given(st.data())
def test_a_file_that_was_cut_or_changed_is_read_or_refused(tmp_path_factory, brief, data):
    at = data.draw(st.integers(0, len(brief) - 1))
    spoilt = brief[:at]
    if data.draw(st.booleans()):
        spoilt = brief[:at] + bytes([brief[at] ^ data.draw(st.integers(1, 255))]) + brief[at + 1 :]
    project = tmp_path_factory.mktemp("spoilt")
    (project / "content").mkdir()

    with pytest.raises(Problems):  # there is no article here, if nothing else
        pull_files(project, spoilt)


@pytest.mark.slow
def test_ten_thousand_changes_are_read_in_linear_time(brief, read):
    def count(changes: int) -> int:
        """Count the calls that reading takes, which no clock is needed for."""
        content = []
        for number in range(changes // 2):
            content += [w("ins", run(f"a{number} "), **AUTHOR), deleted(run("b ", "delText"))]
        data = document(brief, *(paragraph(*content[n : n + 20]) for n in range(0, changes, 20)))
        calls = 0

        def profile(frame, event, _):
            nonlocal calls
            calls += event == "call"

        sys.setprofile(profile)
        try:
            edited = read(data)
            edited.accepted.list_lines(edited.paragraphs)
        finally:
            sys.setprofile(None)
        assert len(edited.revisions) == changes
        return calls

    assert count(10_000) < 11 * count(1_000)

"""Preflight finds what is wrong with a DOCX: each file here is broken in one way."""

import dataclasses
import re
import zipfile

import pytest

from pipeline.checks import docx_checks
from pipeline.checks.finished_file import FinishedFile
from pipeline.document.tree import Comment
from pipeline.render.docx import writer
from pipeline.system.limits import DEFAULT_LIMITS, Limits, PackageLimits
from tests.support import specimen

FAMILIES = frozenset({"Spectral", "Barlow"})


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "brief.docx"
    path.write_bytes(
        writer.render(without_comments(specimen.document()), specimen.make_options()).data
    )
    return path


def without_comments(node):
    """Take out editors' comments, which the check reports."""
    if isinstance(node, tuple):
        return tuple(without_comments(part) for part in node if not isinstance(part, Comment))
    if not dataclasses.is_dataclass(node):
        return node
    assert not isinstance(node, type)
    children = {f.name: without_comments(getattr(node, f.name)) for f in dataclasses.fields(node)}
    return dataclasses.replace(node, **children)


def find_problems(path, limits=DEFAULT_LIMITS):
    return list(docx_checks.check_docx(FinishedFile(path, path.name, FAMILIES, limits)))


@pytest.fixture
def broken(whole, tmp_path):
    """Returns what is found in a DOCX of which a part has been written anew."""

    def broken(part, old, new, more=None):
        path = tmp_path / "broken.docx"
        with zipfile.ZipFile(whole) as package, zipfile.ZipFile(path, "w") as changed:
            for name in package.namelist():
                text = package.read(name)
                if name == part:
                    written = re.sub(old, new, text.decode(), flags=re.DOTALL)
                    assert written != text.decode()
                    text = written.encode()
                changed.writestr(name, text)
            for name, text in (more or {}).items():
                changed.writestr(name, text)
        return find_problems(path)

    return broken


def test_our_own_file_passes(whole):
    assert find_problems(whole) == []


MAIN = "word/document.xml"
STYLES = "word/styles.xml"


@pytest.mark.parametrize(
    ("part", "old", "new", "code", "message"),
    [
        ("docProps/core.xml", "<dc:title>.*</dc:title>", "", "no-title", "the DOCX has no title"),
        (STYLES, "<w:lang [^>]*>", "", "no-language", "the DOCX has no language"),
        (MAIN, 'w:pStyle w:val="Heading1"', 'w:pStyle w:val="Heading3"', "heading-order",
         "the heading “Introduction” of level 3 is the first"),
        (MAIN, ' descr="[^"]*"', "", "no-alt", None),
        (MAIN, "<w:tblHeader[^>]*>", "", "no-header-row", "table 3 has no header row"),
        (MAIN, 'w:pStyle w:val="Heading3"', 'w:pStyle w:val="Gone"', "undefined-style",
         "there is no paragraph style `Gone`"),
        (STYLES, "Barlow", "Comic Sans MS", "unknown-font",
         "the font Comic Sans MS is none of the themes'"),
        (MAIN, "(<w:r>|<w:r .*?>)", r"<w:ins/>\1", "left-over", None),
    ],
)  # fmt: skip
def test_what_is_broken_is_found(broken, part, old, new, code, message):
    faults = broken(part, old, new)
    assert {d.code for d in faults} == {code}
    assert message in (None, faults[0].message)
    assert faults[0].at.file == "broken.docx"


def test_a_style_based_on_a_heading_s_is_one(broken):
    style = (
        '<w:style w:type="paragraph" w:styleId="Mine"><w:basedOn w:val="Heading4"/></w:style>'
        '<w:style w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style></w:styles>'
    )
    assert broken(STYLES, "</w:styles>", style) == []


def test_comments_are_a_note(broken):
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    comments = f'<w:comments xmlns:w="{space}"><w:comment/></w:comments>'
    links = '<Relationship Id="c" Type="x/comments" Target="comments.xml"/></Relationships>'
    (one,) = broken(
        "word/_rels/document.xml.rels",
        "</Relationships>",
        links,
        {"word/comments.xml": comments},
    )
    assert (one.code, one.message) == ("left-over", "1 comment left in the DOCX")
    assert one.is_note


def test_a_picture_marked_as_decoration_needs_no_words(broken):
    mark = (
        r'\1><a:extLst xmlns:a="a"><a:ext><d:decorative val="1" '
        'xmlns:d="http://schemas.microsoft.com/office/drawing/2017/decorative"/></a:ext></a:extLst>'
        "</wp:docPr>"
    )
    assert broken(MAIN, r'(<wp:docPr [^>]*?) descr="[^"]*"([^>]*?)/>', mark) == []


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 and no more", b"%PDF-1.7"])
def test_a_file_that_is_no_docx_is_found(tmp_path, data):
    path = tmp_path / "x.docx"
    path.write_bytes(data)
    assert [d.code for d in find_problems(path)] == ["damaged-file"]


def test_a_zip_that_holds_no_document_is_found(tmp_path):
    path = tmp_path / "x.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("a.txt", "a")
    (one,) = find_problems(path)
    assert one.code == "damaged-file"
    assert "no main part" in one.message


@pytest.mark.parametrize("left", [0.5, 0.97])
def test_a_truncated_file_is_found(whole, tmp_path, left):
    path = tmp_path / "cut.docx"
    data = whole.read_bytes()
    path.write_bytes(data[: int(len(data) * left)])
    assert [d.code for d in find_problems(path)] == ["damaged-file"]


def test_a_part_that_is_damaged_is_found(whole, tmp_path):
    path = tmp_path / "x.docx"
    data = bytearray(whole.read_bytes())
    with zipfile.ZipFile(whole) as package:
        at = package.getinfo(MAIN).header_offset + 200
    data[at : at + 20] = bytes(20)
    path.write_bytes(data)
    assert [d.code for d in find_problems(path)] == ["damaged-file"]


def test_xml_that_is_none_is_found(broken):
    (one,) = broken(MAIN, "<w:body>", "<w:body")
    assert one.code == "damaged-file"


def test_a_file_with_a_password_is_found(tmp_path):
    path = tmp_path / "x.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert [d.code for d in find_problems(path)] == ["encrypted-file"]


def test_a_file_that_unpacks_without_end_is_not_read(whole):
    (one,) = find_problems(whole, Limits(packages=PackageLimits(unpacked_bytes=1_000)))
    assert one.code == "boundless-file"
    assert "unpacks to" in one.message


def test_entities_are_not_expanded(broken):
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n<w:document'
    (one,) = broken(MAIN, "<w:document", bomb)
    assert one.code == "damaged-file"
    assert "document type" in one.message

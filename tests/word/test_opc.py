"""A Word file from somebody else is opened within bounds, whoever asks for it."""

import io
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checks import docx_checks
from pipeline.checks.finished_file import FinishedFile
from pipeline.diagnostics import Problems
from pipeline.importers import word as importer
from pipeline.review.edited_docx import reader
from pipeline.system.limits import DEFAULT_LIMITS, PackageLimits
from pipeline.word import house_template
from pipeline.word.ooxml import W
from pipeline.word.opc import open_package
from tests.support import house_file

OFFICE = "application/vnd.openxmlformats-officedocument"
MOST = DEFAULT_LIMITS.packages


def packed(
    *changed: tuple[str, str | bytes], without: str = "", how: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Pack a house's template with parts changed or added; a name that is there twice stays so."""
    package = {
        **house_file.make_parts(),
        **{n: d for n, d in changed if n in house_file.make_parts()},
    }
    package.pop(without, None)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as file:
        for name, data in [*package.items(), *((n, d) for n, d in changed if n not in package)]:
            file.writestr(name, data)
    return buffer.getvalue()


def catch_refusal(data: bytes | Path, limits: PackageLimits = MOST) -> tuple[str, str]:
    with pytest.raises(Problems) as caught:
        open_package(data, "house.dotx", limits)
    (found,) = caught.value.diagnostics
    assert found.at is not None
    assert found.at.file == "house.dotx"
    assert found.hint
    return found.code, found.message


def types(main: str) -> tuple[str, str]:
    of_word = f"{OFFICE}.wordprocessingml.template.main+xml"
    written = str(house_file.make_parts()["[Content_Types].xml"])
    assert of_word in written
    return "[Content_Types].xml", written.replace(of_word, main)


def starts(*links: tuple[str, str, str]) -> tuple[str, str]:
    return "_rels/.rels", house_file.relations(*links)


class TestOpened:
    def test_bytes_and_a_path_are_the_same(self, tmp_path):
        path = house_file.write_house_file(tmp_path / "house.dotx")
        for source in (path, path.read_bytes()):
            package = open_package(source, "house.dotx")
            assert package.main == "word/document.xml"
            assert package.read_parts().keys() == house_file.make_parts().keys()
            assert package.parse_document().tag == f"{W}document"

    def test_names_are_one_in_either_case(self):
        odd = packed(starts(("rId1", "officeDocument", "/Word/DOCUMENT.xml")))
        assert open_package(odd, "house.dotx").main == "word/document.xml"

    def test_a_document_may_be_called_anything(self):
        parts = house_file.make_parts()
        package = packed(
            ("word/document2.xml", parts["word/document.xml"]),
            ("word/_rels/document2.xml.rels", parts["word/_rels/document.xml.rels"]),
            ("[Content_Types].xml", str(parts["[Content_Types].xml"]).replace(
                "/document.xml", "/document2.xml")),
            starts(("rId1", "officeDocument", "word/document2.xml")),
            without="word/document.xml",
        )  # fmt: skip
        assert open_package(package, "house.dotx").parse_related("styles") is not None

    def test_its_type_may_be_said_of_all_xml(self):
        main = f"{OFFICE}.wordprocessingml.document.main+xml"
        package = packed(
            ("[Content_Types].xml", f'<T><D Extension="xml" ContentType="{main}"/></T>')
        )
        assert open_package(package, "house.dotx").parse_document() is not None

    def test_macros_are_told(self):
        main = "application/vnd.ms-word.document.macroEnabled.main+xml"
        assert open_package(packed(types(main)), "x").has_macros
        assert open_package(packed(("word/vbaProject.bin", b"x")), "x").has_macros
        assert not open_package(packed(), "x").has_macros

    def test_no_relation_is_followed_out_of_it(self):
        link = ("rId1", "styles", "file:///etc/hostname")
        package = open_package(
            packed(("word/_rels/document.xml.rels", house_file.relations(link))), "x"
        )
        assert package.read_relations(package.main)["rId1"] == (
            "styles",
            "file:///etc/hostname",
            True,
        )
        assert package.parse_related("styles") is None

    def test_targets_stay_in_it(self):
        link = ("rId1", "styles", "../../../word/styles.xml")
        package = open_package(
            packed(("word/_rels/document.xml.rels", house_file.relations(link))), "x"
        )
        assert package.read_relations(package.main)["rId1"].target == "word/styles.xml"

    def test_a_part_that_was_taken_out_is_told_where_it_is_needed(self):
        package = open_package(packed(without="word/styles.xml"), "x")
        assert package.parse_related("styles") is None
        with pytest.raises(Problems, match=r"leads to `word/styles\.xml`"):
            package.follow_relation(package.read_relations(package.main)["rId1"])


class TestRefused:
    def test_a_file_that_is_not_there(self, tmp_path):
        assert catch_refusal(tmp_path / "none.dotx")[0] == "unreadable"
        assert catch_refusal(tmp_path)[0] == "unreadable"

    @pytest.mark.parametrize("data", [b"", b"PK\x03\x04 and no more", b"%PDF-1.7"])
    def test_what_is_no_package(self, data):
        assert catch_refusal(data)[0] == "bad-word-file"

    def test_a_password(self):
        assert catch_refusal(b"\xd0\xcf\x11\xe0" + bytes(600))[0] == "encrypted-file"

    @pytest.mark.parametrize(
        ("most", "reason"),
        [("file_bytes", "is over 0 MB"), ("unpacked_bytes", "unpacks to over 0 MB"),
         ("xml_bytes", "unpacks to over 0 MB of XML"), ("parts", "has over 5 parts")],
    )  # fmt: skip
    def test_what_has_no_end(self, most, reason):
        code, message = catch_refusal(packed(), PackageLimits(**{most: 5}))
        assert code == "too-large"
        assert reason in message

    def test_more_entries_than_memory_holds(self, monkeypatch):
        """They are counted before any is looked at."""
        entry = packed()
        monkeypatch.setattr(zipfile, "ZipFile", None)
        assert catch_refusal(entry + b"PK\x01\x02" * 10 * MOST.parts)[0] == "too-large"

    def test_a_size_that_is_not_the_one_told(self):
        data = packed()
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            size = file.getinfo("word/styles.xml").file_size
        lied = data.replace(struct.pack("<I", size), struct.pack("<I", 20))
        assert catch_refusal(lied)[0] == "bad-word-file"

    def test_a_picture_that_is_damaged(self):
        data = packed(("word/media/big.bin", b"as it was"), how=zipfile.ZIP_STORED)
        assert "`word/media/big.bin` is damaged" in catch_refusal(data.replace(b"was", b"is "))[1]

    @pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_what_is_packed_in_another_way(self, how):
        assert "does not know" in catch_refusal(packed(how=how))[1]

    @pytest.mark.parametrize(
        "name", ["../outside.xml", "/word/x.xml", "word//x.xml", "word\\x.xml", "word/\x1b.xml"]
    )
    def test_parts_with_paths_for_names(self, name):
        assert "cannot be called" in catch_refusal(packed((name, "<x/>")))[1]

    def test_a_part_that_is_there_twice(self):
        assert "twice" in catch_refusal(packed(("word/Media/LOGO.png", b"x")))[1]

    @pytest.mark.parametrize(
        "links",
        [(), (("rId1", "officeDocument", "word/none.xml"),),
         (("rId1", "officeDocument", "https://words.example/document.xml"),)],
    )  # fmt: skip
    def test_no_main_part(self, links):
        assert "no main part" in catch_refusal(packed(starts(*links)))[1]

    def test_a_package_that_is_no_word_file(self):
        for data in (
            packed(types(f"{OFFICE}.spreadsheetml.sheet.main+xml")),
            packed(without="[Content_Types].xml"),
        ):
            assert "no Word document or template" in catch_refusal(data)[1]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    @pytest.mark.parametrize(
        "declared", ["", "SYSTEM 'file:///etc/hostname'", "[<!ENTITY a 'aaaa'>]"]
    )
    def test_a_part_that_declares_entities(self, encoding, declared):
        xml = f"{' ' * 3_000 if encoding == 'utf-8' else ''}<!DOCTYPE w {declared}><w/>"
        package = open_package(packed(("word/styles.xml", xml.encode(encoding))), "x")
        with pytest.raises(Problems, match="document type"):
            package.parse_related("styles")

    def test_entities_that_grow_in_attributes(self):
        grown = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 20}'>" for n in range(1, 9))
        xml = f"<!DOCTYPE w [<!ENTITY a0 'aaaa'>{grown}]><w w='&a8;'/>"
        package = open_package(packed(("word/styles.xml", xml)), "x")
        with pytest.raises(Problems, match="cannot be read"):
            package.parse_related("styles")

    def test_a_part_that_is_larger_than_asked_for(self):
        with pytest.raises(Problems, match=r"`word/media/logo\.png`, which is over"):
            open_package(packed(), "x").read_data("word/media/logo.png", 10)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_file_that_was_changed_anywhere_is_opened_or_refused(data):
    spoilt = bytearray(packed())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(spoilt) - 1))
        spoilt[at : at + 4] = data.draw(st.binary(max_size=8))
    with suppress(Problems):
        package = open_package(bytes(spoilt), "x")
        package.parse_document()
        package.parse_related("styles")


READERS = {
    "import": lambda path: importer.read(path.read_bytes(), path.name),
    "pull": lambda path: reader.read_edited_docx(path, path.name),
    "template": lambda path: house_template.read_house_template(path, path.name),
}
BAD: dict[str, bytes] = {
    "bomb": packed(("word/media/big.xml", b" " * (MOST.xml_bytes + 1))),
    "entities": packed(("word/styles.xml", "<!DOCTYPE w [<!ENTITY a 'b'>]><w/>")),
    "names": packed(("../outside.xml", "<x/>")),
    "picture": packed(("word/media/big.bin", b"as it was"), how=zipfile.ZIP_STORED).replace(
        b"was", b"is "
    ),
}


class TestAllReaders:
    @pytest.mark.parametrize("read", READERS.values(), ids=READERS)
    def test_a_house_s_template_is_read(self, tmp_path, read):
        assert read(house_file.write_house_file(tmp_path / "house.dotx"))

    @pytest.mark.parametrize("read", READERS.values(), ids=READERS)
    @pytest.mark.parametrize("bad", BAD)
    def test_what_may_not_be_is_refused(self, tmp_path, bad, read):
        path = tmp_path / "house.dotx"
        path.write_bytes(BAD[bad])
        with pytest.raises(Problems) as caught:
            read(path)
        assert [d.code for d in caught.value.diagnostics] == [
            "too-large" if bad == "bomb" else "bad-word-file"
        ]

    @pytest.mark.parametrize("bad", BAD)
    def test_preflight_tells_of_it(self, tmp_path, bad):
        path = tmp_path / "house.dotx"
        path.write_bytes(BAD[bad])
        (found,) = docx_checks.check_docx(FinishedFile(path, path.name))
        assert found.code == ("boundless-file" if bad == "bomb" else "damaged-file")

"""The archive PDF carries what it was made from, and the folder taken out of it makes it again."""

import hashlib
import json
import os
import stat
from contextlib import chdir
from io import BytesIO

import pikepdf
import pytest
from PIL import Image as Picture

from pipeline.build import attachments, unarchive
from pipeline.diagnostics import Problems
from pipeline.system.limits import DEFAULT_LIMITS, ArchiveLimits
from tests.support.command import brief, read_files
from tests.support.workbench import write_project, write_template

NAME = "words-own"
PDF = f"out/words/{NAME}.archive.pdf"


def png(colour="#114457") -> bytes:
    data = BytesIO()
    Picture.new("RGB", (600, 300), colour).save(data, "PNG")
    return data.getvalue()


@pytest.fixture(scope="module")
def archived(tmp_path_factory):
    """A project whose template takes from everywhere that it may, and its archive."""
    project = write_project(tmp_path_factory.mktemp("project"))
    folder = project / "content/words"
    (folder / "carte d’été.png").write_bytes(png())
    (folder / "source.txt").write_text("As it was published.", "utf-8")
    article = (folder / "article.md").read_text("utf-8")
    article = article.replace("experts:", "source: {file: ./source.txt}\nexperts:", 1)
    shown = "Opening words.\n\n![A map](<carte d’été.png>)\n"
    (folder / "article.md").write_text(article.replace("Opening words with", f"{shown}\nWith"))
    own = write_template(
        project,
        "own",
        '{% extends "per-question/document.html.j2" %}\n'
        '{% block front %}{{ super() }}{% include "bits/part.html.j2" %}'
        '<figure><img src="../own/mark.png" alt="A mark"></figure>{% endblock %}\n',
        "extends: per-question\n",
    )
    (own / "mark.png").write_bytes(png("#aa0000"))
    (project / "templates/bits").mkdir()
    (project / "templates/bits/part.html.j2").write_text("<p>A part.</p>\n")
    (project / "templates/_shared").mkdir()
    (project / "templates/_shared/theme.yaml").write_text("styles: {body: {size: 11}}\n")
    result = brief(
        project, "build", "--template", "own", "--profile", "archive", "--split", "question"
    )
    assert result.exit_code == 0, result.output
    result = brief(project, "build", "--template", "own", "--profile", "archive")
    assert result.exit_code == 0, result.output
    return project


@pytest.fixture(scope="module")
def file(archived):
    return pikepdf.open(archived / PDF)


def test_it_claims_pdf_a_3a_and_pdf_ua_1(file):
    metadata = file.open_metadata()

    assert metadata["pdfaid:part"] == "3"
    assert metadata["pdfaid:conformance"] == "A"
    assert metadata["pdfuaid:part"] == "1"


def test_it_names_every_file_with_its_type_and_what_it_is_to_the_pages(file):
    described = {
        str(each.UF): (
            str(each.AFRelationship),
            str(each.EF.F.Subtype),
            each.EF.F.Params.Size == len(each.EF.F.read_bytes()),
            str(each.EF.F.Params.ModDate),
        )
        for each in file.Root.AF
    }

    at = "D:20240506"
    assert described == {
        "brief.json": ("/Data", "/application/json", True, at),
        "quotes.json": ("/Supplement", "/application/json", True, at),
        "content/house.yaml": ("/Source", "/application/yaml", True, at),
        "content/words/article.md": ("/Source", "/text/markdown", True, at),
        "content/words/carte d’été.png": ("/Source", "/image/png", True, at),
        "content/words/source.txt": ("/Source", "/text/plain", True, at),
        "content/words/summary.yaml": ("/Source", "/application/yaml", True, at),
        "templates/_shared/theme.yaml": ("/Data", "/application/yaml", True, at),
        "templates/bits/part.html.j2": ("/Data", "/text/plain", True, at),
        "templates/own/document.html.j2": ("/Data", "/text/plain", True, at),
        "templates/own/mark.png": ("/Data", "/image/png", True, at),
        "templates/own/template.yaml": ("/Data", "/application/yaml", True, at),
        "templates/shipped/_shared/base.css": ("/Data", "/text/css", True, at),
        "templates/shipped/_shared/base.html.j2": ("/Data", "/text/plain", True, at),
        "templates/shipped/_shared/macros.html.j2": ("/Data", "/text/plain", True, at),
        "templates/shipped/_shared/theme.yaml": ("/Data", "/application/yaml", True, at),
        "templates/shipped/per-question/document.html.j2": ("/Data", "/text/plain", True, at),
        "templates/shipped/per-question/print.css": ("/Data", "/text/css", True, at),
        "templates/shipped/per-question/template.yaml": ("/Data", "/application/yaml", True, at),
    }
    assert sorted(file.attachments) == sorted(described)


def test_what_is_taken_out_makes_the_same_briefs(archived, tmp_path):
    for part in ("", "-q2"):
        folder = tmp_path / f"again{part}"
        name = f"{NAME}{part}.archive.pdf"
        assert brief(archived, "extract", f"out/words/{name}", "--out", str(folder)).exit_code == 0

        record = json.loads((folder / "brief.json").read_text("utf-8"))
        arguments = record["command"].split()
        assert brief(folder, *arguments[1:]).exit_code == 0
        for ext in (".archive.pdf", ".docx", ".quotes.json"):
            again = (folder / f"out/words/{NAME}{part}{ext}").read_bytes()
            assert again == (archived / f"out/words/{NAME}{part}{ext}").read_bytes(), ext


def test_the_folder_is_called_like_the_file_and_is_written_over_by_nothing(archived, tmp_path):
    with chdir(tmp_path):
        first = unarchive.restore_folder(archived / PDF)
        before = read_files(first.folder)
        (first.folder / "out").mkdir()
        again = unarchive.restore_folder(archived / PDF)
        (first.folder / "content/house.yaml").write_text("name: Another\n")
        result = brief(tmp_path, "extract", str(archived / PDF), "--out", NAME)

        assert str(first.folder) == NAME
        assert first.changes == ()
        assert first.written
        assert not again.written
        assert stat.S_IMODE(first.folder.stat().st_mode) & 0o500 == 0o500
        assert result.exit_code == 1
        assert "[folder-not-empty]" in result.output
        assert read_files(first.folder) == {**before, "content/house.yaml": b"name: Another\n"}
        assert os.listdir(tmp_path) == [NAME]


def test_a_part_in_the_way_leaves_nothing_behind(archived, tmp_path):
    (tmp_path / "file").write_text("")
    for out in ("file", "file/below"):
        with pytest.raises(Problems):
            unarchive.restore_folder(archived / PDF, tmp_path / out)

    assert os.listdir(tmp_path) == ["file"]


def test_a_disk_that_is_full_leaves_nothing_behind(archived, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", full)
    with pytest.raises(Problems) as caught:
        unarchive.restore_folder(archived / PDF, tmp_path / "out")

    assert [d.code for d in caught.value.diagnostics] == ["unwritable"]
    assert os.listdir(tmp_path) == []


# --- files of others ------------------------------------------------------------------------


def codes(path, limits=DEFAULT_LIMITS.archives) -> list[str]:
    with pytest.raises(Problems) as caught:
        unarchive.read_embedded_files(path, limits)
    return [d.code for d in caught.value.diagnostics]


@pytest.fixture
def changed(archived, tmp_path):
    """Changes an archive with a function and returns its path."""

    def changed(change):
        path = tmp_path / "changed.pdf"
        with pikepdf.open(archived / PDF) as pdf:
            change(pdf)
            pdf.save(path)
        return path

    return changed


def relist(pdf, change):
    """Change the list that a PDF has of its files, as a forger would."""
    listed = pdf.Root.AF[0]  # brief.json
    record = json.loads(listed.EF.F.read_bytes())
    change(record)
    listed.EF.F.write(json.dumps(record).encode())


def recommand(record, **options):
    """Change options, and the command with them."""
    record.update(options)
    record["command"] = attachments.format_command(record)


def test_one_that_another_program_saved_again_is_still_read(archived, changed):
    again = unarchive.read_embedded_files(changed(lambda pdf: None))

    assert again == unarchive.read_embedded_files(archived / PDF)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"no PDF at all"])
def test_what_is_no_pdf_is_refused(tmp_path, data):
    (tmp_path / "x.pdf").write_bytes(data)

    assert codes(tmp_path / "x.pdf") == ["not-a-pdf"]


def test_a_file_that_is_not_there_or_too_large_is_refused(archived, tmp_path):
    assert codes(tmp_path / "x.pdf") == ["unreadable"]
    assert codes(archived / PDF, ArchiveLimits(pdf_bytes=1_000)) == ["too-large"]


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: pdf.Root.__delitem__("/AF"),
        lambda pdf: pdf.Root.__setitem__("/AF", pikepdf.Array([1])),
        lambda pdf: pdf.Root.AF.__delitem__(0),  # brief.json
        lambda pdf: pdf.Root.AF[0].EF.F.write(b"[]"),
        lambda pdf: pdf.Root.AF[0].EF.F.write(b"no JSON"),
        lambda pdf: pdf.Root.AF[0].EF.F.write(b"x", filter=pikepdf.Name.LZWDecode),
        lambda pdf: relist(pdf, lambda record: record.update(schema=2)),
        lambda pdf: relist(pdf, lambda record: record.update(files=[])),
        lambda pdf: relist(pdf, lambda record: record.update(command=1)),
        lambda pdf: relist(pdf, lambda record: record.update(command="rm -rf ~; brief build")),
        lambda pdf: relist(pdf, lambda record: recommand(record, article="--out=/")),
        lambda pdf: relist(pdf, lambda record: recommand(record, template="own\x1b[2K")),
    ],
)
def test_a_pdf_that_brief_has_not_made_is_refused(changed, change):
    assert codes(changed(change)) == ["not-an-archive"]


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt",
        "content/../../outside.txt",
        "/etc/passwd",
        "content//x",
        "content/./x",
        "content/.git/config",
        "content\\x",
        "content/a\nb",
        "content",
        "pipeline/cli.py",
        "",
    ],
)
def test_no_name_leads_out_of_the_folder(changed, name):
    def rename(pdf):
        pdf.Root.AF[1].UF = name
        relist(pdf, lambda record: record["files"].update({name: "0" * 64}))

    assert codes(changed(rename)) == ["archive-damaged"]


def test_files_that_are_missing_changed_or_alike_are_refused(changed, archived):
    assert codes(changed(lambda pdf: pdf.Root.AF.__delitem__(1))) == ["archive-damaged"]
    assert codes(changed(lambda pdf: pdf.Root.AF[1].EF.F.write(b"x"))) == ["archive-damaged"]

    def listing_itself(pdf):
        relist(pdf, lambda record: record["files"].update({"brief.json": "0" * 64}))

    assert codes(changed(listing_itself)) == ["archive-damaged"]

    def double(pdf):
        twin = pdf.make_indirect(pikepdf.Dictionary(pdf.Root.AF[1]))
        twin.UF = "content/HOUSE.yaml"
        pdf.Root.AF.append(twin)
        digest = hashlib.sha256(twin.EF.F.read_bytes()).hexdigest()
        relist(pdf, lambda record: record["files"].update({"content/HOUSE.yaml": digest}))

    assert codes(changed(double)) == ["archive-damaged"]


def test_what_unpacks_without_end_is_refused(changed):
    path = changed(lambda pdf: pdf.Root.AF[3].EF.F.write(b"0" * 60_000))

    assert codes(path, ArchiveLimits(embedded_bytes=50_000)) == ["too-large"]


def test_names_that_could_not_stand_beside_each_other_clash():
    assert list(attachments.find_clashes(["a/b", "a/B", "c", "c/d", "e"])) == ["a/b", "c"]


# --- what cannot be embedded ------------------------------------------------------------------


def catch_refusal(files, limits=DEFAULT_LIMITS.archives) -> list[str]:
    options = {"article": "a", "template": "b", "paper": "a4", "questions": (), "experts": ()}
    options |= {"split": "", "marking": ""}
    with pytest.raises(Problems) as caught:
        attachments.collect_attachments(files, b"", options, limits)
    return [d.code for d in caught.value.diagnostics]


def test_a_file_is_carried_as_it_was_read_under_a_name_that_can_be_restored(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"x")
    digest = hashlib.sha256(b"x").hexdigest()

    assert catch_refusal({"content/x": (path, "0" * 64)}) == ["file-changed"]
    assert catch_refusal({"content/.x": (path, digest)}) == ["bad-name"]
    assert (
        catch_refusal({"content/x": (path, digest), "content/X": (path, digest)})
        == ["bad-name"] * 2
    )
    none = ArchiveLimits(embedded_bytes=0)
    assert catch_refusal({"content/x": (path, digest)}, none) == ["too-large"]


def test_the_command_says_every_option():
    options = {"article": "a", "template": "b", "paper": "a4", "questions": ("q1",)}
    options |= {"experts": ("ann",), "split": "question", "marking": "EMBARGOED until noon"}

    assert attachments.format_command(options) == (
        "brief build a --template b --profile archive --paper a4 --question q1 --expert ann "
        "--split question --marking 'EMBARGOED until noon'"
    )

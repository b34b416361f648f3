"""Every paragraph of a Word file has an anchor, and the manifest says where its words are from."""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import lxml.etree
import pytest

from pipeline.document.tree import (
    Address,
    Contents,
    Definition,
    Definitions,
    Emphasis,
    Entry,
    Footnote,
    Heading,
    LineBreak,
    List,
    Paragraph,
    Quote,
    Span,
    Strong,
    Text,
)
from pipeline.render.contract import RoundTripManifest, SourceValue
from pipeline.render.docx.writer import render
from tests.support import specimen
from tests.support.anchors import find_manifest, find_manifest_text, read_manifest
from tests.support.command import brief
from tests.support.docx_file import WordFile, get_style, make_items, make_table, render_docx
from tests.support.read_outputs import W
from tests.support.specimen import paragraph
from tests.support.workbench import write_project

HERE = Address("article.md#q1.ash.1")
THERE = Address("house.yaml#name")
FILE = "content/talks/article.md"
TEMPLATES = ("per-question", "per-expert", "policymaker-summary", "briefing-pack")


def make_roundtrip() -> RoundTripManifest:
    known = {
        HERE: SourceValue(file=FILE, line=41, text="Words, *stressed*.", is_markdown=True),
        THERE: SourceValue(file="content/house.yaml", line=1, text="A House", is_markdown=False),
    }
    identity = {"article": "talks", "template": "own", "edition": "e" * 64}
    return RoundTripManifest(identity=identity, files={FILE: "f" * 64}, sources=known)


def reviewed(*blocks) -> WordFile:
    return render_docx(*blocks, options=specimen.make_options(roundtrip=make_roundtrip()))


def properties(file: WordFile) -> dict[str, str]:
    return {p.get("name"): p[0].text for p in file.xml("docProps/custom.xml")}


def stories(file: WordFile) -> list:
    return [
        file.xml(f"word/{n}.xml")
        for n in ("document", "footnotes")
        if f"word/{n}.xml" in file.names
    ]


def anchored(file: WordFile) -> dict[str, lxml.etree._Element]:
    """Return each anchor's paragraph."""
    starts = [s for story in stories(file) for s in story.iter(f"{W}bookmarkStart")]
    return {
        s.get(f"{W}name"): next(s.iterancestors(f"{W}p"))
        for s in starts
        if s.get(f"{W}name").startswith("_bp_")
    }


def text_of(para) -> str:
    """Return a paragraph's words: without what fields compute, and a note's own mark and space."""
    parts, depth, past = [], [], True
    if para.find(f".//{W}footnoteRef") is not None:
        past = False
    for node in para.iter():
        if node.tag == f"{W}bookmarkStart":
            past = True
        elif node.tag == f"{W}fldChar":
            kind = node.get(f"{W}fldCharType")
            if kind == "begin":
                depth.append("")
            elif kind == "end" and depth:
                depth.pop()
        elif node.tag == f"{W}instrText":
            depth[-1] = node.text.split()[0]
        elif past and not {"PAGEREF", "REF"} & {*depth}:
            if node.tag == f"{W}t":
                parts.append(node.text)
            elif node.tag in (f"{W}tab", f"{W}br") and node.getparent().tag == f"{W}r":
                parts.append("\t" if node.tag == f"{W}tab" else "\n")
    return "".join(parts)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    return write_project(tmp_path_factory.mktemp("anchors"))


@pytest.fixture(scope="module")
def files(project) -> dict[str, WordFile]:
    """An article with notes and lists, in the four templates."""
    result = brief(project, "build", "-f", "docx")
    assert result.exit_code == 0, result.output
    return {
        name: WordFile((project / f"out/words/words-{name}.docx").read_bytes())
        for name in TEMPLATES
    }


def notes(file: WordFile) -> list:
    if "word/footnotes.xml" not in file.names:
        return []
    return [n for n in file.xml("word/footnotes.xml") if n.get(f"{W}type", "normal") == "normal"]


@pytest.fixture(scope="module")
def saved(files, tmp_path_factory) -> dict[str, WordFile]:
    """The same files, as LibreOffice saves them."""
    soffice = shutil.which("soffice")
    if not soffice:
        pytest.skip("LibreOffice is not here")
    folder = tmp_path_factory.mktemp("saved")
    before = folder / "before"
    before.mkdir()
    for name, file in files.items():
        (before / f"{name}.docx").write_bytes(file.data)
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            folder,
            *sorted(before.iterdir()),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    return {name: WordFile((folder / f"{name}.docx").read_bytes()) for name in files}


class TestAnchors:
    def test_every_paragraph_has_its_own_round_all_of_its_words(self, files):
        for file in (
            *files.values(),
            WordFile(render(specimen.document(), specimen.make_options()).data),
        ):
            anchors = anchored(file)
            separators = 2
            paragraphs = [p for story in stories(file) for p in story.iter(f"{W}p")]
            with_notes = "word/footnotes.xml" in file.names
            assert len(anchors) == len(paragraphs) - separators * with_notes
            for name, para in anchors.items():
                tags = [child.tag.removeprefix(W) for child in para]
                begins = tags.index("bookmarkStart")
                assert para[begins].get(f"{W}name") == name
                assert tags[-1] == "bookmarkEnd"
                assert para[-1].get(f"{W}id") == para[begins].get(f"{W}id")
                assert all(tag in ("pPr", "r") for tag in tags[:begins])
                assert len(name) <= 40

    def test_ids_are_unique_in_the_file(self, files):
        for file in files.values():
            ids = [s.get(f"{W}id") for t in stories(file) for s in t.iter(f"{W}bookmarkStart")]
            assert len(ids) == len(set(ids))

    def test_names_are_the_same_each_time(self, project, files):
        brief(project, "build", "-f", "docx", "-t", "per-question", "--out", "again")
        again = (project / "again/words/words-per-question.docx").read_bytes()
        assert WordFile(again).parts == files["per-question"].parts


class TestTheManifest:
    def test_says_which_brief_it_is(self, project, files):
        manifest = read_manifest(files["per-question"])
        listed = json.loads((project / "out/words/manifest.json").read_bytes())
        assert manifest["schema"] == 1
        assert manifest["pull"] is True
        assert (manifest["article"], manifest["template"], manifest["part"]) == (
            "words",
            "per-question",
            "",
        )
        assert (manifest["questions"], manifest["experts"], manifest["split"]) == ([], [], "")
        assert manifest["paper"] == "a4"
        assert {output["edition"] for output in listed["outputs"]} == {manifest["edition"]}
        assert set(manifest["files"]) == {
            "content/house.yaml",
            "content/words/article.md",
            "content/words/summary.yaml",
        }

    def test_is_found_again_through_the_properties(self, files):
        for name, file in files.items():
            found, text = properties(file), find_manifest_text(file)
            assert found["brief-manifest"] == hashlib.sha256(text.encode()).hexdigest()
            assert found["brief-edition"] == json.loads(text)["edition"]
            assert (found["brief-article"], found["brief-template"]) == ("words", name)

    def test_has_the_words_of_every_paragraph(self, files):
        for file in files.values():
            blocks, anchors = read_manifest(file)["blocks"], anchored(file)
            assert [b["anchor"] for b in blocks] == sorted(anchors, key=lambda n: int(n[4:]))
            for block in blocks:
                para = anchors[block["anchor"]]
                assert "".join(p["text"] for p in block["pieces"]) == text_of(para)
                assert block["style"] == get_style(para)

    def test_has_the_words_of_everything_that_a_document_can_hold(self):
        options = specimen.make_options(roundtrip=make_roundtrip())
        file = WordFile(render(specimen.document(), options).data)
        for block in read_manifest(file)["blocks"]:
            words = "".join(piece["text"] for piece in block["pieces"])
            assert words == text_of(anchored(file)[block["anchor"]])

    def test_has_the_content_as_it_was(self, files):
        sources = read_manifest(files["per-question"])["sources"]
        article = "content/words/article.md"
        assert sources["article.md#q1.ada.2"]["markdown"] == "Second words, **strong** ones."
        assert sources["article.md#q1.bo.1"]["markdown"] == (
            "Words of Bo[^1].\n\n[^1]: A note of Bo."
        )
        assert sources["article.md#q2.bo.1"]["markdown"] == "- A deed\n- Another deed"
        assert sources["article.md#q1"] == {
            "file": article,
            "line": 17,
            "markdown": "What is said?",
        }
        assert sources["house.yaml#name"] == {
            "file": "content/house.yaml",
            "line": 1,
            "text": "House of Words",
        }

    def test_names_templates_alike_wherever_they_are(self, files):
        (strip, *_) = read_manifest(files["per-question"])["blocks"]
        (template,) = {piece["template"] for piece in strip["pieces"] if "template" in piece}
        assert re.fullmatch(r"templates/shipped/_shared/macros\.html\.j2:\d+", template)

    def test_has_nothing_that_the_brief_does_not_show(self, project):
        brief(project, "build", "-f", "docx", "-t", "per-expert", "--expert", "bo")
        file = WordFile((project / "out/words/words-per-expert-bo.docx").read_bytes())
        manifest = read_manifest(file)
        assert manifest["experts"] == ["bo"]
        assert "Second words" not in find_manifest_text(file)
        assert not [address for address in manifest["sources"] if "q1.ada" in address]

    def test_lists_what_stands_at_the_head_and_foot_of_pages(self, files):
        assert "House of Words" in read_manifest(files["per-question"])["furniture"]

    def test_says_when_there_is_no_way_back(self):
        file = render_docx(paragraph("Words."))
        assert read_manifest(file) == {"schema": 1, "pull": False}
        assert set(properties(file)) == {"brief-schema", "brief-manifest"}

    def test_under_the_chatham_house_rule_there_is_no_way_back(self, project):
        result = brief(project, "build", "-f", "docx", "--chatham-house", "-t", "per-question")
        assert result.exit_code == 0, result.output
        (path,) = (project / "out/words-chatham-house").glob("*.docx")
        file = WordFile(path.read_bytes())
        assert read_manifest(file) == {"schema": 1, "pull": False}


class TestPieces:
    def block(self, *children, **more) -> dict:
        (block,) = read_manifest(reviewed(Paragraph(children, **more)))["blocks"]
        return block

    def test_content_has_its_address_and_its_markdown(self):
        block = self.block(
            Text("Words, ", HERE), Emphasis((Text("stressed", HERE),)), Text(".", HERE)
        )
        assert block == {
            "anchor": "_bp_1",
            "kind": "content",
            "style": "BodyText",
            "pieces": [
                {"text": "Words, stressed.", "address": HERE, "markdown": "Words, *stressed*."}
            ],
        }

    def test_stress_on_a_plain_value_is_the_template_s(self):
        block = self.block(Strong((Text("A House", THERE),)))
        assert block["pieces"] == [{"text": "A House", "address": THERE}]

    def test_a_template_s_words_have_its_line(self):
        at = "templates/own/document.html.j2:7"
        block = self.block(Text("Question 1", at=at))
        assert block["kind"] == "template"
        assert block["pieces"] == [{"text": "Question 1", "template": at}]

    def test_words_from_several_places_are_mixed(self):
        at = "templates/own/document.html.j2:7"
        line = (Text("By ", at=at), Span("name", (Text("A House", THERE), Text(", today", at=at))))
        block = self.block(*line)
        assert block["kind"] == "mixed"
        assert [piece["text"] for piece in block["pieces"]] == ["By ", "A House", ", today"]
        assert [piece.get("address") for piece in block["pieces"]] == [None, THERE, None]

    def test_marks_are_no_words(self):
        block = self.block(Text("“"), Text("Words.", HERE), Text("”"))
        assert block["kind"] == "content"
        assert [piece["text"] for piece in block["pieces"]] == ["“", "Words.", "”"]

    def test_words_of_nowhere_are_generated(self):
        assert self.block(Text("–"))["kind"] == "generated"
        assert self.block(Text("Words."))["kind"] == "generated"

    def test_the_contents_are_a_copy(self):
        entry = Entry(1, "a", (Text("Words", HERE),))
        blocks = (Contents((entry,)), Heading(2, (Text("Words", HERE),), "a"))
        contents, _, heading = read_manifest(reviewed(*blocks))["blocks"]
        assert (contents["kind"], heading["kind"]) == ("generated", "content")
        assert [piece["text"] for piece in contents["pieces"]] == ["Words", "\t", ""]
        assert contents["pieces"][-1] == {"text": "", "field": "computed"}

    def test_a_break_in_the_line_belongs_to_the_words_around_it(self):
        inside = self.block(Text("one", HERE), LineBreak(), Text("two", HERE))
        between = self.block(Text("one", HERE), LineBreak(), Text("A House", THERE))
        assert [piece["text"] for piece in inside["pieces"]] == ["one\ntwo"]
        assert inside["pieces"][0]["markdown"] == "one\\\ntwo"
        assert [piece["text"] for piece in between["pieces"]] == ["one", "\n", "A House"]

    def test_notes_have_the_numbers_of_the_file(self):
        def noted(words):
            return Text(words, HERE), Footnote((Paragraph((Text("A note.", HERE),)),))

        blocks = read_manifest(
            reviewed(Paragraph(noted("one")), Paragraph((*noted("two"), *noted("three"))))
        )["blocks"]
        shown = [(block.get("in"), block["pieces"][0]["markdown"]) for block in blocks]
        assert shown == [
            (None, "one[^1]"),
            (["note 1"], "A note."),
            (None, "two[^2]three[^3]"),
            (["note 2"], "A note."),
            (["note 3"], "A note."),
        ]

    def test_what_a_paragraph_stands_in_is_told_from_the_outside(self):
        inner = List(make_items("c"), ordered=True)
        outer = List((make_items("a")[0], type(make_items("a")[0])((paragraph("b"), inner))))
        blocks = (
            outer,
            Quote((paragraph("d"),)),
            Definitions((Definition((Text("e"),), (paragraph("f"),)),)),
            make_table(("g", "h"), ("i", "j")),
        )
        containers = {
            block["pieces"][0]["text"]: block.get("in")
            for block in read_manifest(reviewed(*blocks))["blocks"]
            if block["pieces"]
        }
        assert containers == {
            "a": ["bulleted 1"],
            "b": ["bulleted 2"],
            "c": ["bulleted 2", "ordered 1"],
            "d": ["quote"],
            "e": ["definition 1"],
            "f": ["definition 1"],
            "g": ["row 1 cell 1"],
            "h": ["row 1 cell 2"],
            "i": ["row 2 cell 1"],
            "j": ["row 2 cell 2"],
        }


class TestAnotherProgram:
    """What LibreOffice keeps when it opens the files and saves them as DOCX."""

    @pytest.mark.slow
    def test_keeps_every_anchor_where_it_was(self, files, saved):
        for name, file in files.items():
            before, after = anchored(file), anchored(saved[name])
            for block in read_manifest(file)["blocks"]:
                anchor = block["anchor"]
                kept = after.get(anchor, after.get(f"{anchor}_Copy_1"))
                assert kept is not None, f"{name}: {anchor}"
                if block["kind"] != "generated":  # page numbers of the contents become words
                    assert text_of(kept).strip() == text_of(before[anchor]).strip()

    @pytest.mark.slow
    def test_keeps_the_manifest_and_the_properties(self, files, saved):
        for name, file in files.items():
            assert find_manifest(saved[name]).text == find_manifest_text(file)
            assert properties(file).items() <= properties(saved[name]).items()

    @pytest.mark.slow
    def test_keeps_styles_by_name_and_footnotes(self, files, saved):
        def named(file: WordFile, para) -> str:
            return file.styles[get_style(para)][0].get(f"{W}val")

        for name, file in files.items():
            after = anchored(saved[name])
            for anchor, para in anchored(file).items():
                kept = after.get(anchor, after.get(f"{anchor}_Copy_1"))
                if text_of(para):  # one without words may be taken into the contents before it
                    assert named(saved[name], kept).lower() == named(file, para).lower()
            assert len(notes(saved[name])) == len(notes(file))


def test_for_review_every_change_is_tracked(project):
    arguments = ("build", "-f", "docx", "-t", "per-question")
    brief(project, *arguments, "--for-review", "--out", "review")
    brief(project, *arguments, "--out", "plain")
    tracked, plain = (
        WordFile((project / out / "words" / f"words-per-question{option}.docx").read_bytes())
        for out, option in (("review", ".for-review"), ("plain", ""))
    )
    tags = [element.tag.removeprefix(W) for element in tracked.xml("word/settings.xml")]
    assert "trackRevisions" in tags
    assert tags.index("trackRevisions") < tags.index("defaultTabStop")
    assert b"trackRevisions" not in plain.parts["word/settings.xml"]
    assert {n for n in plain.names if plain.parts[n] != tracked.parts[n]} == {"word/settings.xml"}

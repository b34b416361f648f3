"""What becomes of an editor's changes: merged, in conflict, refused, suggested, written."""

from __future__ import annotations

import json
import subprocess
from copy import deepcopy

import pytest
import yaml
from PIL import Image

from pipeline.content import loader
from pipeline.diagnostics import Problems
from pipeline.review.pull import outcomes, pull_steps
from tests.support.command import brief
from tests.support.editor import Editor, said, text, w
from tests.support.read_outputs import W
from tests.support.review_project import (
    ARTICLE,
    TEXTS,
    after,
    built,
    docx,
    expected,
    pulled,
    write_project,
)

ARTICLE_FILE = "content/talk/article.md"
WITHOUT_DOUBT = ARTICLE.replace("Nobody doubts", "No one doubts")


@pytest.fixture
def project(tmp_path):
    return write_project(tmp_path)


@pytest.fixture
def editor(project):
    """An editor named Ann, with the brief by question before her."""
    return Editor(docx("per-question", project), "Ann Editor")


def left(result) -> list[tuple[str, str]]:
    """Give what is left to a person, but for paragraphs: the outcome, and why."""
    return [
        (e.outcome, e.reason) for e in result.entries if e.is_left_over and e.kind != "paragraph"
    ]


def rewrite(project, old: str, new: str) -> None:
    """Change the article after the brief was built."""
    path = project / ARTICLE_FILE
    assert path.read_text("utf-8").count(old) == 1
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


# --- merging --------------------------------------------------------------------------------


def test_changes_of_the_content_since_are_kept(project, editor):
    editor.replace("Nobody", "No one")
    rewrite(project, "words bind, and", "words bind us, and")
    rewrite(project, "- Salt is older.\n", "- Salt is older.\n- Wine is young.\n")

    result = pulled(project, editor.save())

    assert (
        "Because words bind us, and norms do too, as a rule.\nNo one doubts"
        in after(result)[ARTICLE_FILE]
    )
    assert "- Wine is young.\n" in after(result)[ARTICLE_FILE]
    assert not result.waits


def test_a_change_that_is_there_already_is_no_change(project, editor):
    editor.replace("Nobody", "No one")
    rewrite(project, "Nobody doubts", "No one doubts")

    result = pulled(project, editor.save())

    assert result.format_diff() == ""
    assert not result.waits
    assert {e.outcome for e in result.entries if e.kind == "revision"} == {"already there"}


def test_two_changes_of_the_same_words_are_a_conflict(project, editor):
    editor.replace("Nobody", "No one")
    editor.replace("rain or shine", "come what may")
    rewrite(project, "Nobody doubts", "Some doubt")

    result = pulled(project, editor.save())

    made = after(result)[ARTICLE_FILE]
    assert (
        "<<<<<<< content\nSome doubt *this* much.\n=======\nNo one doubts *this* much.\n"
        ">>>>>>> editor\n"
    ) in made
    assert "come what may" in made
    assert {outcome for outcome, _ in left(result)} == {"conflict"}
    assert result.waits


def test_a_value_in_conflict_is_written_twice_as_well(project, editor):
    editor.replace("a little", "much")
    path = project / "content/talk/summary.yaml"
    path.write_text(TEXTS["content/talk/summary.yaml"].replace("a little", "a lot"), "utf-8")

    result = pulled(project, editor.save())

    assert (
        "standfirst: >-\n  Two experts talk about words,\n<<<<<<< content\n"
        "  and disagree a lot.\n=======\n  and disagree much.\n>>>>>>> editor\n"
    ) in after(result)["content/talk/summary.yaml"]


def test_files_of_two_editors_are_merged(project, editor):
    other = Editor(docx("per-expert", project), "Bob Editor")
    editor.replace("Nobody", "No one")
    other.replace("rain or shine", "come what may")
    other.replace("Nobody", "No one")

    result = pulled(project, editor.save(), other.save())

    assert after(result) == expected(
        (
            ("article", "Nobody doubts", "No one doubts"),
            ("article", "rain or shine", "come what may"),
        )
    )
    assert not result.waits


def test_editors_who_differ_are_in_conflict(project, editor):
    other = Editor(docx("per-question", project), "Bob Editor")
    editor.replace("Nobody", "No one")
    other.replace("Nobody", "Hardly anyone")

    result = pulled(project, editor.save(), other.save())

    assert (
        "No one doubts *this* much.\n=======\nHardly anyone doubts" in after(result)[ARTICLE_FILE]
    )
    assert result.waits


def test_a_conflict_of_the_first_file_is_there_after_the_second(project, editor):
    other = Editor(docx("per-question", project), "Bob Editor")
    editor.replace("Nobody", "No one")
    other.replace("rain or shine", "come what may")
    other.paragraph_after("An introduction", "Two of them.")
    rewrite(project, "Nobody doubts", "Some doubt")

    result = pulled(project, editor.save(), other.save())

    made = after(result)[ARTICLE_FILE]
    assert "Some doubt *this* much.\n=======\nNo one doubts *this* much.\n>>>>>>> editor" in made
    assert "come what may" in made
    assert "to the table.\n\nTwo of them.\n" in made


def test_one_authors_changes_can_be_taken(project, editor):
    editor.replace("Nobody", "No one")
    other = Editor(editor.save(), "Bob Editor")
    other.replace("rain or shine", "come what may")

    result = pulled(project, other.save(), author="Bob Editor")

    assert after(result) == expected((("article", "rain or shine", "come what may"),))
    assert {(e.author, e.outcome) for e in result.entries if e.kind == "revision"} == {
        ("Ann Editor", "left out"),
        ("Bob Editor", "applied"),
    }
    with pytest.raises(Problems, match="Carl"):
        pulled(project, other.save(), author="Carl")


def test_changes_that_are_not_tracked_are_no_authors(project, editor):
    editor.replace("Nobody", "No one")
    other = Editor(editor.save())
    other.replace("as a rule", "as we know")

    result = pulled(project, other.save(), author="Ann Editor")

    assert result.format_diff() == ""
    assert result.waits


def test_untracked_changes_are_listed_apart(project, editor):
    editor.replace("Nobody", "No one")
    other = Editor(editor.save())
    other.replace("rain or shine", "come what may")

    result = pulled(project, other.save())

    assert [(e.words, e.outcome) for e in result.entries if e.kind == "untracked change"] == [
        ("rain or shine → come what may", "applied")
    ]


def test_a_part_of_an_article_touches_what_it_shows(project):
    editor = Editor(built(project, "per-question", questions=("q2",)), "Ann")
    editor.replace("More words", "Many words")

    result = pulled(project, editor.save())

    assert after(result) == expected((("article", "More words will", "Many words will"),))


# --- what has no place ------------------------------------------------------------------------


def test_words_of_the_template_are_refused_with_its_line_and_the_rest_goes_on(project, editor):
    editor.replace("At a glance", "In short")
    editor.replace("Nobody", "No one")

    result = pulled(project, editor.save())

    assert after(result) == expected((("article", "Nobody doubts", "No one doubts"),))
    assert len(left(result)) == 2  # the word taken away and the word put in its place
    assert all("_shared/macros.html.j2:" in why for _, why in left(result))


def test_a_computed_value_is_refused(project, editor):
    editor.insert("1 minute", " or two")

    assert "_shared/macros.html.j2:" in left(pulled(project, editor.save()))[0][1]


def test_a_value_cannot_be_taken_out_or_divided(project):
    editor = Editor(docx("policymaker-summary", project))
    editor.drop("More will follow")
    editor.split("do bind")

    result = pulled(project, editor.save())

    assert result.format_diff() == ""
    assert {why for _, why in left(result)} >= {
        "take the value out where it is written, summary.yaml#takeaways.3.text",
    }


def test_a_paragraph_that_cannot_come_to_its_new_place_stays(project, editor):
    editor.move("The second", "Nobody knows")
    editor.insert("knows what", "\u202e")

    result = pulled(project, editor.save())

    assert result.format_diff() == ""
    assert {outcome for outcome, _ in left(result)} == {"refused"}


def test_a_paragraph_moves_from_one_answer_to_another(project, editor):
    editor.move("The second", "Nobody knows")

    made = after(pulled(project, editor.save()))[ARTICLE_FILE]

    moved = "The second paragraph has a [link to it](https://example.org/a) and **strong words**"
    assert made.count(moved) == 1
    assert f"Nobody knows what comes.\n\n{moved}" in made


def test_paragraphs_of_the_template_cannot_be_joined(project):
    editor = Editor(docx("per-question", project))
    editor.merge("Cite as")

    result = pulled(project, editor.save())

    assert result.format_diff() == ""
    assert ("refused", "paragraphs that are not one text cannot be joined") in left(result)


def test_an_answer_cannot_be_emptied(project, editor):
    editor.drop("It rests with")

    result = pulled(project, editor.save())

    assert result.format_diff() == ""
    assert {why for _, why in left(result)} == {"the answer `bob` to `q1` has no words"}


def test_a_value_that_breaks_a_limit_is_refused_alone(project, editor):
    editor.insert("disagree a little", " " + "and more " * 50)
    editor.replace("Nobody", "No one")

    result = pulled(project, editor.save())

    assert after(result) == expected((("article", "Nobody doubts", "No one doubts"),))
    assert "it takes 40" in left(result)[0][1]


def test_characters_that_no_brief_may_hold_are_refused(project, editor):
    editor.insert("Nobody", "\u202e")

    result = pulled(project, editor.save())

    assert result.format_diff() == ""
    assert "U+202E" in left(result)[0][1]


@pytest.mark.parametrize(
    ("tag", "value", "says"),
    [
        ("u", "single", "underlined"),
        ("strike", "true", "struck through"),
        ("highlight", "yellow", "highlighted"),
        ("smallCaps", "1", "in small capitals"),
    ],
)
def test_what_the_content_cannot_hold_is_told_item_by_item(project, tag, value, says):
    editor = Editor(docx("per-question", project))
    editor.set("Nobody", tag, val=value)

    result = pulled(project, editor.save())

    assert result.format_diff() == ""
    assert left(result) == [("refused", f"the content cannot hold words that are {says}")]


def test_bold_in_a_plain_value_is_told(project):
    editor = Editor(docx("per-question", project))
    editor.set("disagree", "b")

    assert [e.what for e in pulled(project, editor.save()).entries if e.is_left_over] == ["bold"]


def test_a_changed_running_head_is_refused(project, editor):
    name = next(name for name in editor.parts if name.startswith("word/header"))
    header = editor.parts[name].decode()
    change = '<w:ins w:id="1" w:author="Ann"><w:r><w:t>New</w:t></w:r></w:ins></w:p>'
    editor.parts[name] = header.replace("</w:p>", change, 1).encode()

    assert left(pulled(project, editor.save())) == [
        ("refused", "the template says what stands at heads and feet")
    ]


def test_a_new_paragraph_where_no_content_stands_is_refused(project, editor):
    editor.paragraph_after("Cite as", "Words of mine.")

    result = pulled(project, editor.save())

    assert result.format_diff() == ""
    assert ("refused", "no part of the content stands there") in left(result)


def test_pictures_that_come_and_go_are_told(project, tmp_path):

    (project / "content/talk/images").mkdir()
    Image.new("RGB", (30, 20)).save(project / "content/talk/images/map.png")
    rewrite(project, "- Bread is", "![a map](images/map.png)\n\n- Bread is")
    editor = Editor(built(project, "per-question"), "Ann")
    drawing = next(editor.root.iter(f"{W}drawing")).getparent()
    twin = w("p", w("pPr", w("pStyle", val="BodyText")), deepcopy(drawing))
    editor.paragraph("It rests with").addnext(twin)
    assert not pulled(project, built(project, "per-question")).waits

    editor.strike(drawing)
    result = pulled(project, editor.save())

    assert [e.what for e in result.entries if e.kind == "formatting"] == [
        "picture added",
        "picture removed",
    ]


@pytest.mark.parametrize("element", ["object", "sym", "ruby", "altChunk"])
def test_an_element_that_is_not_known_stops_everything(project, editor, element):
    editor.replace("Nobody", "No one")
    paragraph = editor.paragraph("as a rule")
    paragraph.append(w("r", w(element)) if element != "altChunk" else w(element))

    with pytest.raises(Problems) as raised:
        pulled(project, editor.save())

    (found,) = raised.value.diagnostics
    assert found.code == "unknown-element"
    assert f"<{element}>" in found.message


def test_a_quote_whose_answer_was_edited_away_is_told_at_once(project, editor):
    editor.replace("norms do too", "norms do as well")

    result = pulled(project, editor.save())

    assert {d.code for d in result.diagnostics} == {"quote-not-verbatim"}
    assert result.waits
    assert "norms do as well" in after(result)[ARTICLE_FILE]


# --- lists, notes, words that look like signs ---------------------------------------------------


def test_a_paragraph_becomes_an_item_and_an_item_a_paragraph(project, editor):
    editor.restyle("Salt is", "BodyText")

    made = after(pulled(project, editor.save()))[ARTICLE_FILE]

    assert "- Bread is old.\n\nSalt is older.\n\nLast words" in made


def test_a_footnote_is_rewritten_under_its_own_number(project, editor):
    notes = editor.parts["word/footnotes.xml"].decode()
    editor.parts["word/footnotes.xml"] = notes.replace(
        "A note on words", "A line on words"
    ).encode()

    assert after(pulled(project, editor.save())) == expected(
        (("article", "[^1]: A note on words", "[^1]: A line on words"),)
    )


def test_a_footnote_goes_with_its_definition(project, editor):
    for run in editor.paragraph("Last words").iter(f"{W}r"):
        if run.find(f"{W}footnoteReference") is not None:
            note = run
    editor.strike(note)

    assert after(pulled(project, editor.save())) == expected(
        (("article", "Last words of Ann.[^1]\n\n[^1]: A note on words.\n", "Last words of Ann.\n"),)
    )


@pytest.mark.parametrize("words", ["*not* stressed", "[a](b)", "1. first", "# none", "a_b <c> `d`"])
def test_signs_of_markdown_are_words(project, editor, words):
    editor.paragraph_after("It rests with", words)
    result = pulled(project, editor.save())
    write_project(project, after(result))

    again = Editor(built(project, "per-question"))

    assert not result.waits
    assert words in [said(p).removesuffix("”") for p in again.root.iter(f"{W}p")]


# --- comments ---------------------------------------------------------------------------------


def test_comments_come_with_their_place_words_thread_and_state(project, editor):
    first = editor.comment("rain or shine", "Is this so?")
    editor.author = "Bob Editor"
    editor.comment("rain or shine", "It is.", answers=first)
    editor.comment("Two experts", "Fine.", resolved=True)

    result = pulled(project, editor.save())

    assert not result.waits
    review = yaml.safe_load(result.after["content/talk/reviews/edited.yaml"])
    assert review["file"] == "edited.docx"
    assert review["comments"] == [
        {
            "id": 1,
            "address": "article.md#q1.bob.1",
            "quoted": "rain or shine",
            "author": "Ann Editor",
            "date": "2024-03-01T10:00:00Z",
            "text": "Is this so?",
        },
        {
            "id": 2,
            "answers": 1,
            "address": "article.md#q1.bob.1",
            "quoted": "rain or shine",
            "author": "Bob Editor",
            "date": "2024-03-01T10:00:00Z",
            "text": "It is.",
        },
        {
            "id": 3,
            "address": "summary.yaml#standfirst",
            "quoted": "Two experts",
            "author": "Bob Editor",
            "date": "2024-03-01T10:00:00Z",
            "text": "Fine.",
            "resolved": True,
        },
    ]
    assert outcomes.count_outcomes(result.entries)["comment"] == {"applied": 3}


def test_comments_of_the_content_stay_and_do_not_come_back_as_reviews(project):
    remarked = ARTICLE.replace("rain or shine,", "rain or shine, %%is it?%%").replace(
        "Bread is", "*Bread* is"
    )
    remarked = remarked.replace("- Salt is older.", "- Salt is older. %%check%%")
    (project / ARTICLE_FILE).write_text(remarked, "utf-8")
    editor = Editor(built(project, "per-question", with_notes=True))
    editor.replace("weather", "clouds")
    editor.replace("older", "oldest")

    result = pulled(project, editor.save())

    assert after(result)[ARTICLE_FILE] == remarked.replace("weather", "clouds").replace(
        "older", "oldest"
    )
    assert list(result.after) == [ARTICLE_FILE]
    assert not result.waits


# --- suggestions ------------------------------------------------------------------------------


def test_changes_can_be_kept_as_suggestions(project, editor):
    editor.replace("Nobody", "No one")
    editor.paragraph_after("The second", "Quite new.")
    editor.drop("It rests with")
    editor.merge("More words")

    made = after(pulled(project, editor.save(), suggest=True))[ARTICLE_FILE]

    assert "{--Nobody--}{++No one++} doubts *this* much." in made
    assert "\n\n{++Quite new.++}\n\n" in made
    assert "{--It rests with the weather, rain or shine, on the day.--}" in made


# --- the command --------------------------------------------------------------------------------


def test_the_command_shows_a_difference_that_git_applies(project, editor):
    editor.replace("Nobody", "No one")
    editor.comment("rain or shine", "Is this so?")
    (project / "edited.docx").write_bytes(editor.save())

    result = brief(project, "pull", "edited.docx")
    (project / "changes.patch").write_text(result.stdout, "utf-8")
    subprocess.run(["git", "apply", "changes.patch"], cwd=project, check=True)

    assert result.exit_code == 0
    assert (project / ARTICLE_FILE).read_text("utf-8") == ARTICLE.replace(
        "Nobody doubts", "No one doubts"
    )
    assert (project / "content/talk/reviews/edited.yaml").is_file()
    assert "2 tracked changes: 2 applied" in result.stderr


def test_the_command_writes_what_it_is_told_to_and_says_what_is_left(project, editor):
    editor.replace("Nobody", "No one")
    editor.replace("At a glance", "In short")
    (project / "edited.docx").write_bytes(editor.save())

    result = brief(project, "pull", "edited.docx", "--apply")

    assert result.exit_code == 3
    assert result.stdout == f"wrote {ARTICLE_FILE}\n"
    assert "refused: paragraph " in result.stderr
    assert (project / ARTICLE_FILE).read_text("utf-8") == ARTICLE.replace(
        "Nobody doubts", "No one doubts"
    )
    assert loader.load_content(project, "talk")


def test_the_command_tells_programs_everything(project, editor):
    editor.replace("Nobody", "No one")
    (project / "edited.docx").write_bytes(editor.save())

    told = json.loads(brief(project, "pull", "edited.docx", "--report", "json").stdout)

    assert told["article"] == "talk"
    assert told["totals"]["revision"] == {"applied": 2}
    assert sum(told["totals"]["paragraph"].values()) == sum(
        entry["kind"] == "paragraph" for entry in told["entries"]
    )
    assert told["left_over"] is False


def commit(project) -> None:
    for arguments in (
        ["init", "-q"],
        ["add", "content"],
        ["-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "One"],
    ):
        subprocess.run(["git", *arguments], cwd=project, check=True, capture_output=True)


def test_changes_that_are_not_committed_are_not_overwritten(project, editor):
    editor.replace("Nobody", "No one")
    (project / "edited.docx").write_bytes(editor.save())
    commit(project)
    rewrite(project, "rain or shine", "come what may")

    refused = brief(project, "pull", "edited.docx", "--apply")
    forced = brief(project, "pull", "edited.docx", "--apply", "--force")

    assert refused.exit_code == 1
    assert "[uncommitted-changes]" in refused.stderr
    assert forced.exit_code == 0
    assert "come what may" in (project / ARTICLE_FILE).read_text("utf-8")


def test_line_ends_and_the_byte_order_mark_stay(project, editor):
    editor.replace("Nobody", "No one")
    path = project / ARTICLE_FILE
    path.write_bytes(b"\xef\xbb\xbf" + ARTICLE.replace("\n", "\r\n").encode())

    pull_steps.apply_pull(
        order := pull_steps.PullRequest(project=project, files=(project / "edited.docx",)),
        pulled(project, editor.save()),
        force=False,
    )

    assert order.suggest is False
    wanted = WITHOUT_DOUBT.replace("\n", "\r\n").encode()
    assert path.read_bytes() == b"\xef\xbb\xbf" + wanted


# --- which brief it is ----------------------------------------------------------------------------


def without_manifest(editor) -> bytes:
    for name in [name for name in editor.parts if name.startswith("customXml/")]:
        del editor.parts[name]
    return editor.save()


def test_a_file_without_its_manifest_is_refused_or_read_by_a_revision(project, editor):
    editor.replace("Nobody", "No one")
    commit(project)
    rewrite(project, "rain or shine", "come what may")
    data = without_manifest(editor)

    with pytest.raises(Problems) as raised:
        pulled(project, data)
    result = pulled(project, data, revision="HEAD")

    assert [d.code for d in raised.value.diagnostics] == ["no-manifest"]
    made = after(result)[ARTICLE_FILE]
    assert "No one doubts" in made
    assert "come what may" in made


@pytest.mark.parametrize("revision", ["none", "--output=x", "HEAD:content"])
def test_a_revision_that_is_none_is_refused(project, editor, revision):
    commit(project)
    with pytest.raises(Problems) as raised:
        pulled(project, editor.save(), revision=revision)
    assert [d.code for d in raised.value.diagnostics] == ["unknown-revision"]


def test_a_manifest_that_was_changed_is_refused(project, editor):
    name = "customXml/item1.xml"
    editor.parts[name] = editor.parts[name].replace(b"Because", b"Therefore")
    with pytest.raises(Problems) as raised:
        pulled(project, editor.save())
    assert [d.code for d in raised.value.diagnostics] == ["bad-manifest"]


def test_a_brief_that_withholds_who_spoke_cannot_come_back(project):
    data = built(project, "per-question", chatham_house=True)
    with pytest.raises(Problems) as raised:
        pulled(project, data)
    assert [d.code for d in raised.value.diagnostics] == ["not-for-pull"]


def test_a_brief_of_another_project_is_refused(project, editor):
    (project / "content/talk").rename(project / "content/chat")
    with pytest.raises(Problems) as raised:
        pulled(project, editor.save())
    assert [d.code for d in raised.value.diagnostics] == ["unknown-article"]


def test_without_anchors_paragraphs_are_known_by_their_words(project):
    editor = Editor(docx("per-question", project))
    for mark in list(editor.root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        mark.getparent().remove(mark)
    editor.replace("Nobody", "No one")

    result = pulled(project, editor.save())

    assert after(result) == expected((("article", "Nobody doubts", "No one doubts"),))
    assert "edited, re-anchored" in {entry.what for entry in result.entries}


def test_words_typed_into_an_empty_place_are_text(project, editor):
    editor.paragraph("It rests with").append(w("ins", w("r", text(" Or so."))))

    made = after(pulled(project, editor.save()))[ARTICLE_FILE]

    assert "on the day.\nOr so." in made


# --- nothing is lost ------------------------------------------------------------------------------


def test_words_that_a_field_of_the_editors_writes_come_back_and_are_told(project, editor):
    run = editor.runs("rain or shine")[-1]
    run.addnext(w("fldSimple", w("r", text(" on 1 May")), instr=" DATE "))

    result = pulled(project, editor.save())

    assert "rain or shine on 1 May, on" in after(result)[ARTICLE_FILE]
    assert left(result) == [
        ("refused", "the content cannot hold words that are written by a field (DATE)")
    ]


def test_a_running_head_that_was_changed_without_tracking_is_refused(project):
    editor = Editor(docx("per-question", project))
    heads = (name for name in editor.parts if name.startswith("word/header"))
    name = next(name for name in heads if b">Small talk<" in editor.parts[name])
    editor.parts[name] = editor.parts[name].replace(b">Small talk<", b">Large talk<")

    result = pulled(project, editor.save())

    assert [(e.kind, e.words, e.reason) for e in result.entries if e.is_left_over] == [
        ("untracked change", "Large talk", "the template says what stands at heads and feet")
    ]


@pytest.mark.parametrize("template", ["per-question", "policymaker-summary"])
def test_a_row_that_was_taken_out_is_refused_with_its_words(project, template):
    editor = Editor(docx(template, project), "Ann")
    row = next(editor.root.iter(f"{W}tr"))
    words = said(row)
    properties = row.find(f"{W}trPr")
    properties.append(editor.change("del"))

    (entry,) = [e for e in pulled(project, editor.save()).entries if e.is_left_over]

    assert (entry.kind, entry.what) == ("revision", "row deleted")
    assert entry.words.split()[0] in words


@pytest.mark.parametrize("start", ["At a glance", "Two experts"])
def test_a_paragraph_that_one_editor_changed_and_another_took_out_is_refused(project, start):
    first = Editor(docx("per-question", project))
    first.insert(start, " indeed")
    second = Editor(first.save(), "Ann")
    second.drop(start)

    result = pulled(project, second.save())

    assert result.format_diff() == ""
    assert start in " ".join(e.words for e in result.entries if e.is_left_over)


def test_an_edit_of_the_contents_is_left_out(project, editor):
    paragraph = next(
        p
        for p in editor.root.iter(f"{W}p")
        if p.find(f"{W}pPr/{W}pStyle").get(f"{W}val").startswith("TOC") and "matter" in said(p)
    )
    editor.replace("matter", "count", paragraph)

    result = pulled(project, editor.save())

    assert not result.waits
    assert {(e.outcome, e.reason) for e in result.entries if e.kind == "revision"} == {
        ("left out", "contents and references are made anew")
    }


@pytest.mark.parametrize("space", "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}")
def test_spaces_of_other_kinds_stay(project, editor, space):
    rewrite(project, "rain or shine", f"rain{space}or shine")
    editor = Editor(built(project, "per-question"), "Ann")
    editor.replace("weather", "clouds")
    editor.insert("on the day.", f" Why{space}?{space}")

    made = after(pulled(project, editor.save()))[ARTICLE_FILE]

    assert f"the clouds, rain{space}or shine, on the day.\nWhy{space}?\n" in made


def test_a_paragraph_whose_end_was_moved_does_not_claim_what_stands_between(project):
    editor = Editor(docx("per-question", project))
    editor.split("rain or shine")
    editor.paragraph("Nobody knows").addnext(editor.paragraph("rain or shine"))

    result = pulled(project, editor.save())

    assert result.format_diff() == ""
    assert {e.what for e in result.entries if e.kind == "paragraph"} == {
        "same", "copied", "moved", "without words",
    }  # fmt: skip


def without_styles(editor) -> bytes:
    """Save a file as a program does that writes out every style, and keeps no names."""
    for name in [n for n in editor.parts if n.startswith("customXml/")]:
        del editor.parts[name]
    for mark in list(editor.root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
        mark.getparent().remove(mark)
    for style in list(editor.root.iter(f"{W}rStyle")):
        style.getparent().remove(style)
    for start in ("Ann ", "Bob ", "Words do", "More will"):
        for paragraph in [p for p in editor.root.iter(f"{W}p") if said(p).startswith(start)]:
            for run in paragraph.iter(f"{W}r"):
                properties = run.find(f"{W}rPr")
                if properties is None:
                    properties = w("rPr")
                    run.insert(0, properties)
                properties.insert(0, w("b"))
    return editor.save()


def test_a_file_whose_styles_were_written_out_comes_back_by_a_revision(project):
    commit(project)
    editor = Editor(docx("policymaker-summary", project), "Ann")
    unedited = pulled(project, without_styles(Editor(editor.save())), revision="HEAD")
    editor.replace("do bind", "surely bind")
    editor.replace("Archer", "Bowman")

    result = pulled(project, without_styles(editor), revision="HEAD")

    assert (unedited.format_diff(), unedited.waits) == ("", False)
    assert after(result) == expected(
        (
            ("article", "name: Ann Archer", "name: Ann Bowman"),
            ("summary", '"Words do bind."', '"Words surely bind."'),
        )
    )
    assert not result.waits


def test_comments_say_where_they_stand_whatever_became_of_the_words(project, editor):
    editor.comment("rain or shine", "Cut?")
    editor.delete("rain or shine")
    editor.comment("weather", "A place.")
    for mark in list(editor.root.iter(f"{W}commentRangeStart", f"{W}commentRangeEnd")):
        if mark.get(f"{W}id") == "1":
            mark.getparent().remove(mark)
    both = editor.comment("The second", "Both.")
    (end,) = [e for e in editor.root.iter(f"{W}commentRangeEnd") if e.get(f"{W}id") == str(both)]
    editor.runs("Bread")[-1].addnext(end)

    written = pulled(project, editor.save()).after["content/talk/reviews/edited.yaml"]

    assert [(c["address"], c.get("quoted")) for c in yaml.safe_load(written)["comments"]] == [
        ("article.md#q1.bob.1", "rain or shine"),
        ("article.md#q1.bob.1", None),
        (
            "article.md#q1.ann.2",
            "The second paragraph has a link to it and strong words in it. Bread",
        ),
    ]


def test_comments_of_files_of_one_name_are_all_kept(project):
    paths = []
    for author in ("Ann", "Bob"):
        editor = Editor(docx("per-question", project), author)
        first = editor.comment("rain or shine", f"{author} asks.")
        editor.comment("rain or shine", f"{author} answers.", answers=first)
        (project / author).mkdir()
        paths.append(project / author / "brief.docx")
        paths[-1].write_bytes(editor.save())
    name = "content/talk/reviews/brief.yaml"

    together = pull_steps.run(pull_steps.PullRequest(project=project, files=tuple(paths))).after[
        name
    ]
    for path in paths:
        order = pull_steps.PullRequest(project=project, files=(path,))
        pull_steps.apply_pull(order, pull_steps.run(order), force=True)
    again = pull_steps.run(pull_steps.PullRequest(project=project, files=tuple(paths)))

    assert (project / name).read_text("utf-8") == together
    assert [
        (c["id"], c.get("answers"), c["text"]) for c in yaml.safe_load(together)["comments"]
    ] == [
        (1, None, "Ann asks."),
        (2, 1, "Ann answers."),
        (3, None, "Bob asks."),
        (4, 3, "Bob answers."),
    ]
    assert again.format_diff() == ""


def test_a_review_that_is_none_is_not_overwritten(project, editor):
    editor.comment("rain or shine", "Is this so?")
    (project / "content/talk/reviews").mkdir()
    (project / "content/talk/reviews/edited.yaml").write_text("my: notes\n", "utf-8")

    with pytest.raises(Problems) as raised:
        pulled(project, editor.save())
    assert [d.code for d in raised.value.diagnostics] == ["bad-review"]


# --- as the file has it ---------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_git_applies_the_difference_of_a_file_with_other_line_ends(project, editor, mark):
    path = project / ARTICLE_FILE
    path.write_bytes(mark + ARTICLE.replace("\n", "\r\n").encode())
    editor.replace("Small talk", "Large talk")
    editor.replace("Nobody", "No one")
    (project / "edited.docx").write_bytes(editor.save())

    told = brief(project, "pull", "edited.docx").stdout_bytes
    (project / "changes.patch").write_bytes(told)
    subprocess.run(["git", "apply", "changes.patch"], cwd=project, check=True)

    wanted = WITHOUT_DOUBT.replace("short_title: Small", "short_title: Large")
    assert path.read_bytes() == mark + wanted.replace("\n", "\r\n").encode()


LONG_NOTE = "[^1]: A note on words.\n\n    And on [more](https://example.org/n) *words*.\n"


def test_a_footnote_keeps_its_paragraphs(project):
    rewrite(project, "[^1]: A note on words.\n", LONG_NOTE)
    editor = Editor(built(project, "per-question"), "Ann")
    notes = editor.parts["word/footnotes.xml"].decode()
    editor.parts["word/footnotes.xml"] = notes.replace(
        "A note on words", "A line on words"
    ).encode()

    result = pulled(project, editor.save())

    wanted = ARTICLE.replace("[^1]: A note on words.\n", LONG_NOTE.replace("A note", "A line"))
    assert after(result)[ARTICLE_FILE] == wanted
    assert not result.waits


def test_a_footnote_goes_with_all_of_its_paragraphs(project):
    rewrite(project, "[^1]: A note on words.\n", LONG_NOTE)
    editor = Editor(built(project, "per-question"), "Ann")
    editor.drop("Last words")

    made = after(pulled(project, editor.save()))[ARTICLE_FILE]

    assert made == ARTICLE.replace("Last words of Ann.[^1]\n\n[^1]: A note on words.\n\n", "")


def test_stress_that_begins_within_other_stress_is_written(project, editor):
    editor.set("rain or", "b")
    editor.set("or shine", "i")

    result = pulled(project, editor.save())

    assert "weather, **rain _or_** *shine*, on" in after(result)[ARTICLE_FILE]
    assert not result.waits


def test_suggestions_hold_no_characters_that_no_brief_may(project, editor):
    editor.insert("Nobody", "\u202e")

    result = pulled(project, editor.save(), suggest=True)

    assert result.format_diff() == ""
    assert "U+202E" in left(result)[0][1]


def test_a_suggestion_to_divide_a_paragraph_is_no_line_of_its_own(project, editor):
    editor.split("Nobody doubts")

    made = after(pulled(project, editor.save(), suggest=True))[ARTICLE_FILE]

    assert "as a rule.{-- --}\n\nNobody doubts" in made


def test_a_footnote_with_a_list_does_not_lose_it(project):
    listed = "[^1]: A note on words.\n\n    - One.\n    - Two.\n"
    rewrite(project, "[^1]: A note on words.\n", listed)
    editor = Editor(built(project, "per-question"), "Ann")
    editor.replace("Last words", "Final words")
    changed = pulled(project, editor.save())
    notes = editor.parts["word/footnotes.xml"].decode()
    editor.parts["word/footnotes.xml"] = notes.replace(
        "A note on words", "A line on words"
    ).encode()

    refused = pulled(project, editor.save())

    assert listed in after(changed)[ARTICLE_FILE]
    assert not changed.waits
    assert refused.format_diff() == ""
    assert refused.waits


def test_half_a_paragraph_moves_without_the_quotation_mark_behind_it(project):
    editor = Editor(docx("per-question", project))
    editor.split("rain or shine")
    half = editor.paragraph("rain or shine")
    for mark in list(half.iter(f"{W}bookmarkEnd")):
        editor.paragraph("It rests").append(mark)
    editor.paragraph("Nobody knows").addnext(half)

    made = after(pulled(project, editor.save()))[ARTICLE_FILE]

    assert "## bob\n\nIt rests with the weather,\n\n#" in made
    assert "Nobody knows what comes.\n\nrain or shine, on the day.\n" in made


@pytest.mark.parametrize("part", [{"questions": ("q2",)}, {"experts": ("ann",)}, {}])
def test_of_a_revision_the_part_that_the_file_shows_is_found(project, part):
    commit(project)
    editor = Editor(built(project, "per-question", **part), "Ann")
    editor.replace("More words", "Many words")
    rewrite(project, "Bread is old", "Bread is young")

    result = pulled(project, without_manifest(editor), revision="HEAD")

    assert "Many words will come." in after(result)[ARTICLE_FILE]
    assert "Bread is young" in after(result)[ARTICLE_FILE]
    assert not result.waits


def test_a_revision_without_a_brief_like_the_file_is_refused(project, editor):
    commit(project)
    for paragraph in list(editor.root.iter(f"{W}p")):
        for run in paragraph.iter(f"{W}r"):
            for words in run.iter(f"{W}t"):
                words.text = "Other"

    with pytest.raises(Problems) as raised:
        pulled(project, without_manifest(editor), revision="HEAD")
    assert [d.code for d in raised.value.diagnostics] == ["no-such-brief"]

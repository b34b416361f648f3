"""What the content has no place for is refused, left out or reported, and the rest goes on."""

from __future__ import annotations

import pytest

from pipeline.diagnostics import Problems
from tests.support.editor import Editor, read_words, text, w
from tests.support.read_outputs import W
from tests.support.review_project import (
    ARTICLE_FILE,
    get_docx,
    list_left_over,
    merge_result,
    pull_files,
    replace_texts,
    strip_places,
)


def test_words_of_the_template_are_refused_with_its_line_and_the_rest_goes_on(project, editor):
    editor.replace("At a glance", "In short")
    editor.replace("Nobody", "No one")

    result = pull_files(project, editor.save())

    assert merge_result(result) == replace_texts((("article", "Nobody doubts", "No one doubts"),))
    assert len(list_left_over(result)) == 2  # the word taken away and the word put in its place
    assert all("_shared/macros.html.j2:" in why for _, why in list_left_over(result))


def test_a_computed_value_is_refused(project, editor):
    editor.insert("1 minute", " or two")

    assert "_shared/macros.html.j2:" in list_left_over(pull_files(project, editor.save()))[0][1]


def test_a_value_cannot_be_taken_out_or_divided(project):
    editor = Editor(get_docx("policymaker-summary", project))
    editor.drop("Two experts talk")
    editor.split("bind people")

    result = pull_files(project, editor.save())

    assert result.format_diff() == ""
    assert {strip_places(why) for _, why in list_left_over(result)} == {
        "take the value out where it is written, summary.yaml#standfirst",
        "summary.yaml#bottom_line.text is a single paragraph: write the words into it as one",
    }


def test_a_paragraph_that_cannot_come_to_its_new_place_stays(project, editor):
    editor.move("The second", "Nobody knows")
    editor.insert("knows what", "\u202e")

    result = pull_files(project, editor.save())

    assert result.format_diff() == ""
    assert {outcome for outcome, _ in list_left_over(result)} == {"refused"}


def test_paragraphs_of_the_template_cannot_be_joined(project):
    editor = Editor(get_docx("per-question", project))
    editor.merge("Cite as")

    result = pull_files(project, editor.save())

    assert result.format_diff() == ""
    reasons = [why for _, why in list_left_over(result)]
    joined = "paragraphs that are not one text cannot be joined: "
    assert any(why.startswith(joined) and not why.endswith(": ") for why in reasons)


def test_an_answer_cannot_be_emptied(project, editor):
    editor.drop("It rests with")

    result = pull_files(project, editor.save())

    assert result.format_diff() == ""
    assert {why for _, why in list_left_over(result)} == {
        "a build would stop at content/talk/article.md:34:1: the answer `bob` to `q1` has no words"
        "; an expert who did not answer has no heading under the question"
    }


def test_a_value_that_breaks_a_limit_is_refused_alone(project, editor):
    editor.insert("disagree a little", " " + "and more " * 50)
    editor.replace("Nobody", "No one")

    result = pull_files(project, editor.save())

    assert merge_result(result) == replace_texts((("article", "Nobody doubts", "No one doubts"),))
    assert "it takes 40" in list_left_over(result)[0][1]


def test_an_expert_does_not_take_the_name_of_another(project, editor):
    editor.replace("Bob Baker", "Ann Archer")
    editor.replace("Nobody", "No one")

    result = pull_files(project, editor.save())

    assert merge_result(result) == replace_texts((("article", "Nobody doubts", "No one doubts"),))
    ((outcome, reason), *_) = list_left_over(result)
    assert outcome == "refused"
    assert reason.startswith("two experts would be called “Ann Archer”")


def test_what_comes_unseen_with_pasting_is_not_read(project, editor):
    editor.insert("Nobody", "\ufeff else\u200b, I be\u00adlieve, \U0001f468\u200d\U0001f469")

    result = pull_files(project, editor.save())

    assert list_left_over(result) == []
    wanted = "Nobody else, I believe, \U0001f468\u200d\U0001f469 doubts"
    assert merge_result(result) == replace_texts((("article", "Nobody doubts", wanted),))


def test_characters_that_no_brief_may_hold_are_refused(project, editor):
    editor.insert("Nobody", "\u202e")

    result = pull_files(project, editor.save())

    assert result.format_diff() == ""
    assert "U+202E" in list_left_over(result)[0][1]


@pytest.mark.parametrize(
    ("tag", "value", "reason"),
    [
        ("u", "single", "underlined"),
        ("strike", "true", "struck through"),
        ("highlight", "yellow", "highlighted"),
        ("smallCaps", "1", "in small capitals"),
    ],
)
def test_what_the_content_cannot_hold_is_told_item_by_item(project, tag, value, reason):
    editor = Editor(get_docx("per-question", project))
    editor.set("Nobody", tag, val=value)

    result = pull_files(project, editor.save())

    assert result.format_diff() == ""
    assert list_left_over(result) == [
        ("refused", f"the content cannot hold words that are {reason}")
    ]


def test_bold_in_a_plain_value_is_told(project):
    editor = Editor(get_docx("per-question", project))
    editor.set("disagree", "b")

    assert [e.what for e in pull_files(project, editor.save()).entries if e.is_left_over] == [
        "bold"
    ]


def test_a_changed_running_head_is_refused(project, editor):
    name = next(name for name in editor.parts if name.startswith("word/header"))
    header = editor.parts[name].decode()
    change = '<w:ins w:id="1" w:author="Ann"><w:r><w:t>New</w:t></w:r></w:ins></w:p>'
    editor.parts[name] = header.replace("</w:p>", change, 1).encode()

    assert list_left_over(pull_files(project, editor.save())) == [
        ("refused", "the template says what stands at heads and feet")
    ]


def test_a_running_head_that_was_changed_without_tracking_is_refused(project):
    editor = Editor(get_docx("per-question", project))
    heads = (name for name in editor.parts if name.startswith("word/header"))
    name = next(name for name in heads if b">Small talk<" in editor.parts[name])
    editor.parts[name] = editor.parts[name].replace(b">Small talk<", b">Large talk<")

    result = pull_files(project, editor.save())

    assert [(e.kind, e.words, e.reason) for e in result.entries if e.is_left_over] == [
        ("untracked change", "Large talk", "the template says what stands at heads and feet")
    ]


def test_a_new_paragraph_where_no_content_stands_is_refused(project, editor):
    editor.paragraph_after("Cite as", "Words of mine.")

    result = pull_files(project, editor.save())

    assert result.format_diff() == ""
    ((outcome, why),) = set(list_left_over(result))
    assert outcome == "refused"
    assert why.startswith("no text of the content stands there: write it by hand into article.md")


@pytest.mark.parametrize("element", ["object", "sym", "ruby", "altChunk"])
def test_an_element_that_is_not_known_stops_everything(project, editor, element):
    editor.replace("Nobody", "No one")
    paragraph = editor.paragraph("as a rule")
    paragraph.append(w("r", w(element)) if element != "altChunk" else w(element))

    with pytest.raises(Problems) as raised:
        pull_files(project, editor.save())

    (found,) = raised.value.diagnostics
    assert found.code == "unknown-element"
    assert f"<{element}>" in found.message


def test_a_quote_whose_answer_was_edited_away_is_told_at_once(project, editor):
    editor.replace("norms do too", "norms do as well")

    result = pull_files(project, editor.save())

    assert {d.code for d in result.diagnostics} == {"quote-not-verbatim"}
    assert result.waits
    assert "norms do as well" in merge_result(result)[ARTICLE_FILE]


def test_words_that_a_field_of_the_editors_writes_come_back_and_are_told(project, editor):
    run = editor.runs("rain or shine")[-1]
    run.addnext(w("fldSimple", w("r", text(" on 1 May")), instr=" DATE "))

    result = pull_files(project, editor.save())

    assert "rain or shine on 1 May, on" in merge_result(result)[ARTICLE_FILE]
    assert list_left_over(result) == [
        ("refused", "the content cannot hold words that are written by a field (DATE)")
    ]


@pytest.mark.parametrize("template", ["per-question", "policymaker-summary"])
def test_a_row_that_was_taken_out_is_refused_with_its_words(project, template):
    editor = Editor(get_docx(template, project), "Ann")
    row = next(editor.root.iter(f"{W}tr"))
    words = read_words(row)
    properties = row.find(f"{W}trPr")
    properties.append(editor.change("del"))

    (entry,) = [e for e in pull_files(project, editor.save()).entries if e.is_left_over]

    assert (entry.kind, entry.what) == ("revision", "row deleted")
    assert entry.words.split()[0] in words


@pytest.mark.parametrize("start", ["At a glance", "Two experts"])
def test_a_paragraph_that_one_editor_changed_and_another_took_out_is_refused(project, start):
    first = Editor(get_docx("per-question", project))
    first.insert(start, " indeed")
    second = Editor(first.save(), "Ann")
    second.drop(start)

    result = pull_files(project, second.save())

    assert result.format_diff() == ""
    assert start in " ".join(e.words for e in result.entries if e.is_left_over)


def test_an_edit_of_the_contents_is_left_out(project, editor):
    paragraph = next(
        p
        for p in editor.root.iter(f"{W}p")
        if p.find(f"{W}pPr/{W}pStyle").get(f"{W}val").startswith("TOC")
        and "matter" in read_words(p)
    )
    editor.replace("matter", "count", paragraph)

    result = pull_files(project, editor.save())

    assert not result.waits
    assert {(e.outcome, e.reason) for e in result.entries if e.kind == "revision"} == {
        ("left out", "contents and references are made anew")
    }


def test_a_paragraph_whose_end_was_moved_does_not_claim_what_stands_between(project):
    editor = Editor(get_docx("per-question", project))
    editor.split("rain or shine")
    editor.paragraph("Nobody knows").addnext(editor.paragraph("rain or shine"))

    result = pull_files(project, editor.save())

    assert result.format_diff() == ""
    assert {e.what for e in result.entries if e.kind == "paragraph"} == {
        "same", "copied", "moved", "without words",
    }  # fmt: skip

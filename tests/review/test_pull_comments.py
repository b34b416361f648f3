"""An editor's comments are kept as reviews of the content, each with its place."""

from __future__ import annotations

import lxml.etree
import pytest
import yaml

from pipeline.diagnostics import Problems
from pipeline.review.pull import outcomes, pull_steps
from tests.support.editor import Editor
from tests.support.read_outputs import W
from tests.support.review_project import (
    ARTICLE,
    ARTICLE_FILE,
    build_docx,
    get_docx,
    merge_result,
    pull_files,
    write_project,
)


def test_comments_come_with_their_place_words_thread_and_state(project, editor):
    first = editor.comment("rain or shine", "Is this so?")
    editor.author = "Bob Editor"
    editor.comment("rain or shine", "It is.", answers=first)
    editor.comment("Two experts", "Fine.", resolved=True)

    result = pull_files(project, editor.save())

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


def test_an_answer_that_stands_before_its_comment_answers_it(project, editor):
    first = editor.comment("rain or shine", "Is this so?")
    editor.comment("rain or shine", "It is.", answers=first)
    root = lxml.etree.fromstring(editor.parts["word/comments.xml"])
    root[:] = reversed(root)
    editor.parts["word/comments.xml"] = lxml.etree.tostring(root)

    result = pull_files(project, editor.save())

    comments = yaml.safe_load(result.after["content/talk/reviews/edited.yaml"])["comments"]
    found = [(c["text"], c.get("answers")) for c in comments]
    assert found == [("It is.", 2), ("Is this so?", None)]


def test_comments_that_come_again_are_there(project, editor):
    editor.comment("rain or shine", "Is this so?")
    name = "content/talk/reviews/edited.yaml"
    text = pull_files(project, editor.save()).after[name]
    write_project(project, {name: text})
    editor.comment("Two experts", "Fine.")

    result = pull_files(project, editor.save())

    found = [e.outcome for e in result.entries if e.kind == "comment"]
    assert found == ["already there", "applied"]


def test_what_a_person_wrote_into_a_review_stays(project, editor):
    editor.comment("rain or shine", "Is this so?")
    name = "content/talk/reviews/edited.yaml"
    text = pull_files(project, editor.save()).after[name]
    noted = text.replace("comments:\n", "# asked Bob\ncomments:\n") + "\n# so far\n"
    write_project(project, {name: noted})

    assert not pull_files(project, editor.save()).after
    editor.comment("Two experts", "Fine.")
    (new,) = pull_files(project, editor.save()).after.values()

    assert new.startswith(noted)
    assert [c["text"] for c in yaml.safe_load(new)["comments"]] == ["Is this so?", "Fine."]


def test_what_a_person_added_to_a_comment_stays_when_it_changes(project, editor):
    editor.comment("rain or shine", "Is this so?")
    name = "content/talk/reviews/edited.yaml"
    text = pull_files(project, editor.save()).after[name]
    noted = f"{text}  done: asked Bob\nround: 2\n"
    write_project(project, {name: noted})
    editor.replace("rain or shine", "come what may")

    (new,) = (t for n, t in pull_files(project, editor.save()).after.items() if n == name)

    review = yaml.safe_load(new)
    assert review["round"] == 2
    assert [(c["done"], c["quoted"] != "rain or shine") for c in review["comments"]] == [
        ("asked Bob", True)
    ]


def test_comments_of_the_content_stay_and_do_not_come_back_as_reviews(project):
    remarked = ARTICLE.replace("rain or shine,", "rain or shine, %%is it?%%").replace(
        "Bread is", "*Bread* is"
    )
    remarked = remarked.replace("- Salt is older.", "- Salt is older. %%check%%")
    (project / ARTICLE_FILE).write_text(remarked, "utf-8")
    editor = Editor(build_docx(project, "per-question", with_notes=True))
    editor.replace("weather", "clouds")
    editor.replace("older", "oldest")

    result = pull_files(project, editor.save())

    assert merge_result(result)[ARTICLE_FILE] == remarked.replace("weather", "clouds").replace(
        "older", "oldest"
    )
    assert list(result.after) == [ARTICLE_FILE]
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

    written = pull_files(project, editor.save()).after["content/talk/reviews/edited.yaml"]

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
        editor = Editor(get_docx("per-question", project), author)
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
        request = pull_steps.PullRequest(project=project, files=(path,))
        pull_steps.apply_pull(project, pull_steps.run(request), force=True)
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
        pull_files(project, editor.save())
    assert [d.code for d in raised.value.diagnostics] == ["bad-review"]

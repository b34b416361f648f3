"""A view shows the questions and experts that were chosen, in the article's order."""

import pytest

from pipeline.content import chatham_house
from pipeline.content.views import UnknownSelection, select_views
from pipeline.diagnostics import Problems

ALL = ("ciglic", "gery", "jordan", "korzak", "painter")
QUESTIONS = ("q1", "q2", "q3", "q4", "q5")


def list_shown(view):
    return (
        view.part,
        tuple(question.id for question in view.questions),
        tuple(expert.id for expert in view.experts),
    )


def test_nothing_chosen_is_the_whole_article(article):
    (view,) = select_views(article)
    assert list_shown(view) == ("", QUESTIONS, ALL)
    assert view.questions == article.article.questions
    assert (view.article, view.house, view.summary) == (
        article.article, article.house, article.summary,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"questions": ["q2"]}, [("q2", ("q2",), ALL)]),
        ({"questions": ["q4", "q2", "q4"]}, [("q2-q4", ("q2", "q4"), ALL)]),
        ({"experts": ["painter", "gery"]}, [("gery-painter", QUESTIONS, ("gery", "painter"))]),
        (
            {"questions": ["q5"], "experts": ["gery"]},
            [("q5-gery", ("q5",), ("gery",))],
        ),
        ({"split": "question"}, [(q, (q,), ALL) for q in QUESTIONS]),
        ({"split": "expert"}, [(e, QUESTIONS, (e,)) for e in ALL]),
        (
            {"split": "expert", "questions": ["q2"], "experts": ["gery", "korzak"]},
            [
                ("q2-gery", ("q2",), ("gery",)),
                ("q2-korzak", ("q2",), ("korzak",)),
            ],
        ),
    ],
)
def test_each_choice_makes_its_views(article, chosen, expected):
    assert [list_shown(view) for view in select_views(article, **chosen)] == expected


def test_only_the_answers_of_the_chosen_experts_are_shown(article):
    (view,) = select_views(article, questions=["q1"], experts=["jordan"])
    assert [answer.address for answer in view.questions[0].answers] == ["q1.jordan"]
    assert view.questions[0].number == 1
    assert len(view.article.questions[0].answers) == 5


def test_a_joint_answer_is_shown_to_each_of_its_experts(write):
    content = write("article.md", "## bob", "## bob, ann")
    (view,) = select_views(content, experts=["bob"])
    assert [answer.address for answer in view.questions[0].answers] == ["q1.bob+ann"]
    (view,) = select_views(content, experts=["ann"])
    assert [answer.address for answer in view.questions[0].answers] == ["q1.ann", "q1.bob+ann"]


@pytest.mark.parametrize(
    ("chosen", "code", "message", "hint"),
    [
        (
            {"questions": ["q1", "q6"]},
            "unknown-question",
            "the article `future-of-cyber-diplomacy` has no question `q6`",
            "known: `q1`, `q2`, `q3`, `q4`, `q5`",
        ),
        (
            {"experts": ["geri"]},
            "unknown-expert",
            "the article `future-of-cyber-diplomacy` has no expert `geri`",
            "did you mean `gery`?",
        ),
        (
            {"experts": ["zzz"], "split": "expert"},
            "unknown-expert",
            "the article `future-of-cyber-diplomacy` has no expert `zzz`",
            "known: `ciglic`, `gery`, `jordan`, `korzak`, `painter`",
        ),
    ],
)
def test_what_the_article_does_not_have_is_told(article, chosen, code, message, hint):
    with pytest.raises(UnknownSelection) as caught:
        select_views(article, **chosen)
    assert isinstance(caught.value, Problems)
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == (code, message)
    assert found.hint == hint


def test_of_an_unnamed_expert_it_is_said_that_letters_are_wanted(article):
    with pytest.raises(UnknownSelection) as caught:
        select_views(chatham_house.redact_content(article), experts=["gery"])

    assert caught.value.diagnostics[0].hint == (
        "under the Chatham House Rule experts have letters for names: `a`, `b`, `c`, `d`, `e`"
    )

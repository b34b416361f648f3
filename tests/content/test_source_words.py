"""Every word of the source stands in the article exactly once: as content, metadata or skipped.

The source is put together again from the article's fields, line by line, in the
order and with the labels of the page that it was published on.
"""

import hashlib
import shutil

import pytest

from pipeline.content import loader
from pipeline.document.tree import to_full_text
from tests.support.paths import ROOT

FOLDER = ROOT / "content" / "future-of-cyber-diplomacy"
SHA256 = "312289c85601e568519712a9d1e5426da402542c143c27e78c59fc063c5bda63"


def as_published(article):
    """Yield the lines of the page, put together from the article's fields."""
    date = article.date
    series = article.series
    yield " ".join(article.topics)
    yield f"{series.name} {date:%B} {date.day}, {date.year}"
    yield article.title
    yield f"By {article.authors[0].name}"
    yield to_full_text(series.note)
    yield from map(words_of, article.introduction)
    for question in article.questions:
        yield f"#{question.number} {to_full_text(question.text)}"
        for answer in question.answers:
            (expert,) = answer.experts
            spoken = list(map(words_of, answer.blocks))
            spoken[0] = f"“{spoken[0]}"
            if answer.quotes == "both":
                spoken[-1] += "”"
            if question.number == 1:  # the page runs name and descriptor together
                yield f"{expert.name}{expert.descriptor}:"
            else:
                spoken[0] = f"{expert.name.split()[-1]}: {spoken[0]}"
            yield from spoken
    yield to_full_text(article.authors[0].bio)
    yield to_full_text(article.about)
    yield f"Related Experts: {', '.join(article.related)}"
    yield f"Image: {article.credits[0]}"


def words_of(block):
    return to_full_text([block])


def source_lines(article):
    """Return the source's lines that have words and are not listed as skipped."""
    lines = dict(enumerate((FOLDER / "source.txt").read_text("utf-8").split("\n"), 1))
    for skipped in article.source.skipped:
        assert lines.pop(skipped.line) == skipped.text
        assert skipped.reason
    return [line for line in lines.values() if line.strip()]


def test_the_source_is_the_one_that_the_article_was_taken_from(article):
    assert hashlib.sha256((FOLDER / "source.txt").read_bytes()).hexdigest() == SHA256
    assert article.article.source.sha256 == SHA256


def test_every_word_of_the_source_is_accounted_for_once(article):
    published = [line.split() for line in as_published(article.article)]
    assert published == [line.split() for line in source_lines(article.article)]


def test_the_sources_slips_stay(article):
    korzak = article.article.questions[0].answers[3]
    (line,) = [line for line in source_lines(article.article) if line.startswith("“As technology")]
    assert (korzak.address, korzak.quotes, line[-1]) == ("q1.korzak", "unclosed", ".")
    others = {a.quotes for q in article.article.questions for a in q.answers if a is not korzak}
    assert others == {"both"}
    answers = {
        a.address: to_full_text(a.blocks) for q in article.article.questions for a in q.answers
    }
    assert "with risk cased to society or civilian equities" in answers["q3.jordan"]
    assert "or the lack of thereof, lie," in answers["q2.jordan"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cased to society", "caused to society"),
        ("lack of thereof", "lack thereof"),
        ("Without them, it would be a lawless space.\n", ""),
        ("Everyone needs to be on board", "Everyone needs to be be on board"),
        ("tech ambassadors (e.g., Denmark)?", "tech ambassadors?"),
        ("## korzak {quotes=unclosed}", "## korzak"),
        ("postdoc in public international law,\n", "postdoc in international law,\n"),
        ("  - Digital Policy\n", ""),
        ("date: 2021-09-29", "date: 2021-09-28"),
        ("@SimonPHandler", "@SimonHandler"),
        ("related:\n  - Klara Jordan", "related:\n  - Elaine Korzak"),
        ("lie, complicating", "lie complicating"),
        ("As for governments, these", "\n## jordan\n\nAs for governments, these"),
    ],
)
def test_a_word_dropped_doubled_or_changed_is_noticed(tmp_path, old, new):
    shutil.copytree(ROOT / "content", tmp_path / "content")
    path = tmp_path / "content" / FOLDER.name / "article.md"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    (path.parent / "summary.yaml").unlink()
    spoilt = loader.load_content(tmp_path, FOLDER.name).article
    published = [line.split() for line in as_published(spoilt)]
    assert published != [line.split() for line in source_lines(spoilt)]

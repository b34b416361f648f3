"""A build makes what was requested, reports all that is wrong, and leaves what it cannot make."""

import re
import sys
from pathlib import Path

import pytest

from pipeline.build.build_steps import run
from pipeline.diagnostics import Problems
from pipeline.request import Request, UsageError
from tests.support import specimen
from tests.support.command import read_files
from tests.support.workbench import (
    DRAFT,
    get_only,
    write_project,
    write_template,
)


def build_project(project: Path, *, progress=lambda *_: None, **options):
    given = {"templates": ("draft",), "formats": ("tree",), "out": project / "out", **options}
    return run(Request(project=project, **given), progress)


def names(result) -> list[str]:
    return [Path(output.file).name for output in result.outputs]


def catch_refusal(project: Path, kind=Problems, **options):
    with pytest.raises(kind) as caught:
        build_project(project, **options)
    return caught.value.diagnostics


LEAST = """\
standfirst: Two experts on words.
bottom_line: {text: Words matter.}
takeaways:
  - {text: Ada speaks., evidence: [{answer: q1.ada, quote: "words of Ada"}]}
  - {text: Bo speaks., evidence: [{answer: q1.bo, quote: "Words of Bo"}]}
  - {text: Bo acts., evidence: [{answer: q2.bo, quote: "A deed"}]}
question_labels: {}
positions: {}
"""
"""A summary with all that must be in it, and nothing else: no number leads to a source."""


class TestWhatIsMade:
    @pytest.mark.parametrize("template", ["briefing-pack", "policymaker-summary"])
    def test_a_summary_of_which_nothing_cites_an_answer_has_no_sources(self, project, template):
        (project / "content/words/summary.yaml").write_text(LEAST, "utf-8")
        build_project(project, templates=(template,))
        (tree,) = (project / "out/words").glob("*.tree.json")
        words = tree.read_text("utf-8")
        assert "Words matter." in words
        assert '"Sources"' not in words
        assert '"cite"' not in words

    @pytest.mark.parametrize(
        ("options", "parts"),
        [
            ({}, [""]),
            ({"split": "question"}, ["-q1", "-q2"]),
            ({"split": "expert"}, ["-ada", "-bo"]),
            ({"questions": ("q2",)}, ["-q2"]),
            ({"questions": ("q2", "q1")}, ["-q1-q2"]),
            ({"experts": ("bo",), "questions": ("q1",)}, ["-q1-bo"]),
            ({"split": "question", "experts": ("bo",)}, ["-q1-bo", "-q2-bo"]),
        ],
    )
    def test_a_file_is_named_after_article_template_and_part(self, project, options, parts):
        result = build_project(project, **options)

        assert names(result) == [f"words-draft{part}.tree.json" for part in parts]
        assert all((project / "out/words" / name).is_file() for name in names(result))

    def test_nothing_named_means_every_article_and_template(self, project):
        write_project(project / "other", "more")
        (project / "other/content/more").rename(project / "content/more")

        result = build_project(project, templates=())

        built = {(output.article, output.template) for output in result.outputs}
        own = {"draft", "whole"}
        shipped = {"briefing-pack", "per-expert", "per-question", "policymaker-summary"}
        assert built == {(a, t) for a in ("words", "more") for t in own | shipped}

    def test_without_names_only_templates_that_have_such_parts_are_taken(self, project):
        result = build_project(project, templates=(), split="question")

        assert {output.template for output in result.outputs} == {
            "draft",
            "per-expert",
            "per-question",
        }

    def test_a_name_or_format_given_twice_is_made_once(self, project):
        result = build_project(
            project, templates=("draft", "draft"), articles=("words",) * 2, formats=("tree",) * 2
        )

        assert names(result) == ["words-draft.tree.json"]

    @pytest.mark.parametrize(
        ("given", "name", "width"),
        [
            (None, "words-draft.html", b"210mm 297mm"),
            ("a4", "words-draft.html", b"210mm 297mm"),
            ("letter", "words-draft.letter.html", b"215.9mm 279.4mm"),
        ],
    )
    def test_the_paper_is_the_houses_unless_another_is_given(self, project, given, name, width):
        build_project(project, formats=("html",), paper=given)

        assert b"size: " + width in (project / "out/words" / name).read_bytes()

    def test_what_a_paper_changes_stands_behind_what_its_folder_has_for_all(self, project):
        for folder, template in ("base", ""), ("heir", "extends: base\n"):
            own = write_template(project, folder, DRAFT, template)
            (own / "print.css").write_text(f"h1 {{ margin: 1mm }} /* {folder} */")
            (own / "a5.css").write_text(f"h1 {{ margin: 2mm }} /* {folder}, a5 */")
        (project / "templates/base/a5.yaml").write_text("styles: {title: {size: 21}}\n")
        (project / "templates/heir/theme.yaml").write_text("styles: {title: {leading: 33}}\n")

        found = {}
        for paper, name in ("a4", "words-heir.html"), ("a5", "words-heir.a5.html"):
            build_project(project, templates=("heir",), formats=("html",), paper=paper)
            html = (project / "out/words" / name).read_text("utf-8")
            size = re.search(r"--title-size: (\S+); --title-leading: (\S+);", html)
            found[paper] = (re.findall(r"/\* ((?:base|heir).*?) \*/", html), size.groups())

        assert found == {
            "a4": (["base", "heir"], ("30pt", "33pt")),
            "a5": (["base", "base, a5", "heir", "heir, a5"], ("21pt", "33pt")),
        }

    def test_a_template_shows_an_image_of_its_own_or_of_what_it_extends(self, project):
        figure = '<figure><img src="mark.png" alt="A mark"></figure></body>'
        base = write_template(project, "base", DRAFT.replace("</body>", figure))
        write_template(project, "heir", spec="extends: base\n")
        (base / "mark.png").write_bytes(specimen.picture().data)

        build_project(project, templates=("heir",))

        assert '"templates/base/mark.png": "' in (project / "out/words/manifest.json").read_text(
            "utf-8"
        )

    @pytest.mark.slow
    def test_where_processes_cannot_be_forked_the_same_files_are_made(self, project, monkeypatch):
        options = {"split": "question", "formats": ("docx", "tree")}
        build_project(project, **options)
        forked = read_files(project / "out")
        monkeypatch.setattr(sys, "platform", "darwin")

        result = build_project(project, jobs=2, **options)

        assert not result.failed
        assert read_files(project / "out") == forked

    def test_progress_is_told_brief_by_brief(self, project):
        steps = []

        build_project(project, progress=lambda *step: steps.append(step), split="expert")

        assert steps == [("", 0, 2), ("words-draft-ada", 1, 2), ("words-draft-bo", 2, 2)]


class TestUsage:
    @pytest.mark.parametrize(
        ("options", "code", "hint"),
        [
            ({"articles": ("wods",)}, "unknown-article", "did you mean `words`?"),
            ({"templates": ("darft",)}, "unknown-template", "did you mean `draft`?"),
            ({"questions": ("q9",)}, "unknown-question", "known: `q1`, `q2`"),
            ({"experts": ("zed",)}, "unknown-expert", "known: `ada`, `bo`"),
            ({"articles": ("words",), "experts": ("zed",)}, "unknown-expert", "known: `ada`, `bo`"),
        ],
    )
    def test_a_name_that_does_not_exist_is_told_with_the_nearest(
        self, project, options, code, hint
    ):
        found = get_only(catch_refusal(project, UsageError, **options))

        assert (found.code, found.hint) == (code, hint)
        assert not (project / "out").exists()

    def test_all_wrong_names_are_told(self, project):
        found = catch_refusal(project, UsageError, templates=("one", "draft", "two"))

        assert [d.message for d in found] == [
            "there is no template `one`",
            "there is no template `two`",
        ]

    @pytest.mark.parametrize(
        ("options", "parts"),
        [
            ({"split": "question"}, "question"),
            ({"questions": ("q1",)}, "question"),
            ({"experts": ("bo",), "split": "question"}, "question and expert"),
        ],
    )
    def test_a_template_without_parts_cannot_be_split_or_narrowed(self, project, options, parts):
        found = get_only(
            catch_refusal(project, UsageError, templates=("draft", "whole"), **options)
        )

        assert found.code == "not-divisible"
        assert found.message == f"`whole` has no parts by {parts}"

    def test_only_the_parts_that_a_template_lacks_are_named(self, project):
        write_template(project, "half", DRAFT, "splits: [question]\n")

        found = get_only(
            catch_refusal(
                project, UsageError, templates=("half",), questions=("q1",), experts=("bo",)
            )
        )

        assert found.message == "`half` has no parts by expert"

    def test_articles_without_the_expert_are_left_out_unless_they_are_named(self, project):
        write_project(project / "other", "more")
        article = (project / "other/content/more/article.md").read_text("utf-8")
        (project / "content/more").mkdir()
        (project / "content/more/article.md").write_text(article.replace("bo", "cy"), "utf-8")

        assert names(build_project(project, experts=("bo",))) == ["words-draft-bo.tree.json"]
        found = get_only(
            catch_refusal(project, UsageError, experts=("bo",), articles=("words", "more"))
        )
        assert found.code == "unknown-expert"

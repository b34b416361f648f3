"""An error stops the briefs that depend on it; the others are built, and what was there stays."""

from itertools import product
from pathlib import Path

import pytest

from pipeline.build import typeset
from pipeline.diagnostics import Diagnostic, Severity, make_problem
from pipeline.render.contract import Rendered
from tests.build.test_build_steps import LEAST, build_project, names
from tests.support.command import brief, read_files
from tests.support.workbench import (
    DRAFT,
    PAGE,
    get_only,
    write_project,
    write_template,
)


def list_failures(project: Path, **options):
    """Return what stops briefs, in a build that writes none."""
    result = build_project(project, **options)
    assert result.failed
    assert result.not_built
    assert not result.outputs
    return result.diagnostics


class TestWhatIsWrong:
    def test_is_told_at_once_for_all_articles_and_templates_each_once(self, project):
        (project / "content/more").mkdir()
        (project / "content/more/article.md").write_text("no front matter", "utf-8")
        write_template(project, "whole", "{{ nothing }}")
        write_template(project, "styled", DRAFT)
        (project / "templates/styled/print.css").write_text("p::after { content: 'x' }", "utf-8")
        write_template(project, "odd", DRAFT, "colour: red\n")
        write_template(project, "heir", spec="extends: odd\n")

        result = build_project(project, templates=(), split=None)

        assert sorted((d.at.file, d.code) for d in result.diagnostics) == [
            ("content/more/article.md", "no-front-matter"),
            ("templates/odd/template.yaml", "unknown-key"),
            ("templates/styled/print.css", "css-refused"),
            ("templates/whole/document.html.j2", "undefined-name"),
        ]
        sound = {"draft", "briefing-pack", "per-expert", "per-question", "policymaker-summary"}
        assert {(o.article, o.template) for o in result.outputs} == {("words", t) for t in sound}
        assert set(result.not_built) == {
            f"{article}-{template}"
            for article, template in product(
                ("more", "words"), (*sound, "whole", "styled", "odd", "heir")
            )
            if article == "more" or template not in sound
        }
        assert {path.name for path in (project / "out").iterdir()} == {"words"}

    def test_an_articles_errors_come_before_a_name_that_it_may_have(self, project):
        (project / "content/words/article.md").write_text("no front matter", "utf-8")

        found = get_only(list_failures(project, experts=("zed",)))

        assert found.code == "no-front-matter"

    def test_a_template_that_needs_a_summary_is_left_out_with_a_warning(self, project):
        (project / "content/words/summary.yaml").unlink()
        write_template(project, "short", DRAFT, "needs: [summary]\n")

        result = build_project(project, templates=())

        assert "short" not in {output.template for output in result.outputs}
        assert "whole" in {output.template for output in result.outputs}
        assert not any(d.is_error for d in result.diagnostics)
        found = next(d for d in result.diagnostics if "`short`" in d.message)
        assert found.code == "template-needs"
        assert str(found.at) == "content/words"

    def test_but_it_is_an_error_if_it_was_named(self, project):
        (project / "content/words/summary.yaml").unlink()
        write_template(project, "short", DRAFT, "needs: [summary]\n")

        result = build_project(project, templates=("short", "whole"))

        assert get_only(result.diagnostics).code == "template-needs"
        assert result.failed
        assert result.not_built == ("words-short",)
        assert {output.template for output in result.outputs} == {"whole"}

    def test_a_brief_that_would_overwrite_another_is_told(self, project):
        (project / "content/words/summary.yaml").unlink()
        article = project / "content/words/article.md"
        article.write_text(article.read_text("utf-8").replace("{#q2}", "{#x-q1}"), "utf-8")
        write_template(project, "draft-x", DRAFT, "splits: [question]\n")

        result = build_project(project, templates=("draft", "draft-x"), split="question")

        found = get_only(result.diagnostics)
        assert result.not_built == ("words-draft-x-q1",)
        assert len(result.outputs) == 2
        assert found.code == "same-name"
        assert found.message == (
            "a brief of `draft` and one of `draft-x` would both be called `words-draft-x-q1`"
        )
        assert names(build_project(project, split="question")) == ["words-draft-x-q1.tree.json"]

    def test_an_image_with_a_name_too_long_for_a_file_is_told(self, project):
        shown = f'<figure><img src="{"x" * 400}.png" alt="A map"></figure>'
        write_template(project, "map", PAGE.replace("{body}", shown))

        found = get_only(list_failures(project, templates=("map",)))

        assert found.code == "image-missing"

    def test_a_slip_in_a_templates_loop_is_told_once(self, project):
        loop = "{% for n in range(9) %}<dl><div>x</div></dl>{% endfor %}"
        write_template(project, "loop", PAGE.replace("{body}", loop))

        found = list_failures(project, templates=("loop",))

        assert [d.code for d in found] == ["unknown-element", "empty-list"]

    def test_a_template_file_that_leads_out_of_its_folder_is_not_among_the_inputs(
        self, project, tmp_path_factory
    ):
        secret = tmp_path_factory.mktemp("elsewhere") / "secret.j2"
        secret.write_text("secret", "utf-8")
        (project / "templates/draft/linked.j2").symlink_to(secret)

        build_project(project)

        listed = (project / "out/words/manifest.json").read_text("utf-8")
        assert "templates/draft/document.html.j2" in listed
        assert "secret" not in listed
        assert "linked" not in listed

    def test_warnings_stop_a_strict_build_before_it_begins(self, project):
        article = project / "content/words/article.md"
        silent = article.read_text("utf-8").replace("experts:\n", "experts:\n  cy: {name: Cy}\n")
        article.write_text(silent, "utf-8")
        write_project(project / "other", "more")
        (project / "other/content/more").rename(project / "content/more")

        result = build_project(project, strict=True)

        assert get_only(result.diagnostics).code == "silent-expert"
        assert result.not_built == ("words-draft",)
        assert {output.article for output in result.outputs} == {"more"}


class TestABrokenSummary:
    @pytest.fixture
    def broken(self, project):
        """A project with a summary that someone is still writing."""
        (project / "content/words/summary.yaml").write_text("standfirst: [", "utf-8")
        write_template(project, "short", DRAFT, "needs: [summary]\n")
        return project

    def test_stops_the_templates_that_need_one_and_no_others(self, broken):
        result = build_project(broken, templates=("short", "draft"))

        assert [(d.code, d.is_error) for d in result.diagnostics] == [
            ("yaml-syntax", True),
            ("without-summary", False),
        ]
        assert result.diagnostics[1].at.file == "content/words/summary.yaml"
        assert result.failed
        assert result.not_built == ("words-short",)
        assert {output.template for output in result.outputs} == {"draft"}

    def test_is_told_each_time_and_what_was_built_is_fresh(self, broken):
        first = build_project(broken)

        again = build_project(broken)

        assert not again.outputs
        assert len(again.kept) == len(first.outputs)
        assert again.diagnostics == first.diagnostics
        assert again.failed

    def test_that_is_mended_makes_all_of_them_again(self, broken):
        build_project(broken, templates=("short", "draft"))
        (broken / "content/words/summary.yaml").write_text(LEAST, "utf-8")

        result = build_project(broken, templates=("short", "draft"))

        assert {output.template for output in result.outputs} == {"short", "draft"}
        assert not result.failed

    def test_whose_quote_is_wrong_is_broken_as_well(self, project):
        summary = project / "content/words/summary.yaml"
        summary.write_text(LEAST.replace("words of Ada", "words of Eva"), "utf-8")

        result = build_project(project)

        assert [d.code for d in result.diagnostics] == ["quote-not-verbatim", "without-summary"]
        assert {output.template for output in result.outputs} == {"draft"}

    @pytest.mark.parametrize("options", [{}, {"paper": "letter"}, {"force": True}])
    def test_leaves_a_brief_that_was_made_with_it_and_the_ledger_that_its_files_share(
        self, project, options
    ):
        build_project(project)
        before = read_files(project / "out")
        (project / "content/words/summary.yaml").write_text("standfirst: [", "utf-8")

        result = build_project(project, **options)

        assert [d.code for d in result.diagnostics] == ["yaml-syntax"]
        assert result.failed
        assert result.not_built == ("words-draft",)
        assert read_files(project / "out") == before
        assert brief(project, "status", "-t", "draft", "-f", "tree", "--check").exit_code == 1

    def test_does_not_take_a_lesser_brief_from_the_cache_either(self, project):
        cache = project / "cache"
        sound = (project / "content/words/summary.yaml").read_text("utf-8")
        build_project(project)
        before = read_files(project / "out")
        (project / "content/words/summary.yaml").write_text("standfirst: [", "utf-8")
        build_project(project, out=project / "elsewhere", cache=cache)

        build_project(project, cache=cache)

        assert read_files(project / "out") == before
        (project / "content/words/summary.yaml").write_text(sound, "utf-8")
        assert not build_project(project).outputs

    def test_makes_what_is_built_without_it_stale(self, broken):
        build_project(broken)

        found = brief(broken, "status", "-t", "draft", "-f", "tree", "--check")

        assert found.exit_code == 1
        reason = "summary.yaml had errors, and the brief was built without it"
        assert found.stdout.startswith(f"stale   out/words/words-draft.tree.json: {reason}\n")


class TestWhatIsLeft:
    @pytest.fixture
    def fails(self, monkeypatch):
        """Has the words of question 1 fail to be set, in a format that is set after others."""

        def render(document, options):
            if "First words" in repr(document):
                raise make_problem("no-glyph", "no font has this")
            return Rendered(b"new")

        renderers = {"html": lambda document, options: Rendered(b"new"), "tree": render}
        monkeypatch.setattr(typeset, "load_renderer", renderers.get)

    @pytest.mark.parametrize("jobs", [1, 2])
    def test_a_brief_that_cannot_be_set_is_left_as_it_was_and_the_others_are_written(
        self, project, fails, jobs
    ):
        out = project / "out/words"
        out.mkdir(parents=True)
        (out / "words-draft-q1.html").write_bytes(b"old")

        result = build_project(project, formats=("html", "tree"), split="question", jobs=jobs)

        assert names(result) == ["words-draft-q2.html", "words-draft-q2.tree.json"]
        assert get_only(result.diagnostics).code == "no-glyph"
        assert set(read_files(out)) == {
            "manifest.json",
            "words-draft-q1.html",
            "words-draft-q2.html",
            "words-draft-q2.quotes.json",
            "words-draft-q2.tree.json",
        }
        assert (out / "words-draft-q1.html").read_bytes() == b"old"

    def test_what_is_wrong_with_several_briefs_is_told_once_and_in_their_order(
        self, project, monkeypatch
    ):
        def render(document, options):
            first = (Diagnostic("one", "in both", severity=Severity.WARNING),)
            return Rendered(
                b"", diagnostics=first + make_problem("two", repr(document)).diagnostics
            )

        monkeypatch.setattr(typeset, "load_renderer", lambda name: render)

        result = build_project(project, split="expert", jobs=2)

        assert [d.code for d in result.diagnostics] == ["one", "two", "two"]
        assert "First words" in result.diagnostics[1].message

    def test_a_file_that_cannot_be_written_is_told_and_the_others_are_written(self, project):
        (project / "out/words/words-draft-ada.tree.json").mkdir(parents=True)

        result = build_project(project, split="expert")

        assert names(result) == ["words-draft-bo.tree.json"]
        assert get_only(result.diagnostics).code == "unwritable"
        assert set(read_files(project / "out/words")) == {
            "manifest.json",
            "words-draft-bo.quotes.json",
            "words-draft-bo.tree.json",
        }

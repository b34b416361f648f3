"""A file is made again when, and only when, something changed that it depends on."""

import json
import os
import shutil
from pathlib import Path

import pytest

from pipeline.build import typeset
from pipeline.build.build_steps import run
from pipeline.outputs.freshness import check_freshness
from pipeline.project import layout
from pipeline.render.contract import Rendered
from pipeline.system import versions
from tests.support.command import brief, read_files
from tests.support.two_articles import (
    ALL,
    BASES,
    HEIRS,
    OWN,
    WORDS,
    append_text,
    count_rendered,
    make_request,
    write_two_articles,
)
from tests.support.workbench import ARTICLE, DRAFT, get_only, write_template


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_two_articles(tmp_path)


@pytest.fixture
def rendered(monkeypatch) -> list[str]:
    """The formats that were rendered, one for each time."""
    return count_rendered(monkeypatch)


@pytest.fixture
def build_again(project, rendered):
    """Builds, and names the briefs that were made again."""

    def build_again(**options) -> set[str]:
        rendered.clear()
        result = run(make_request(project, **options), lambda *_: None)
        assert len(rendered) == len(result.outputs)
        return {f"{output.article}-{output.template}" for output in result.outputs}

    assert len(build_again()) == 6
    assert build_again() == set()
    return build_again


class TestWhatIsMadeFrom:
    @pytest.mark.parametrize(
        ("file", "text", "stale"),
        [
            ("content/words/article.md", "\nMore.\n", WORDS),
            ("content/words/summary.yaml", "# more\n", WORDS),
            ("content/house.yaml", "unit: Desk\n", ALL),
            ("templates/base/document.html.j2", " ", BASES),
            ("templates/base/template.yaml", "# more\n", BASES),
            ("templates/heir/document.html.j2", " ", HEIRS),
            ("templates/heir/part.j2", "<p>…</p>", HEIRS),
            ("templates/heir/outer.j2", " ", HEIRS),
            ("templates/heir/inner.j2", " ", HEIRS),
            ("templates/heir/second.j2", " ", HEIRS),
            ("templates/heir/print.css", " ", HEIRS),
        ],
    )
    def test_a_file_that_changes_makes_what_was_made_from_it_again(
        self, project, build_again, file, text, stale
    ):
        append_text(project / file, text)

        assert build_again() == stale
        assert build_again() == set()

    @pytest.mark.parametrize(
        ("file", "stale"), [("content/words/map.png", WORDS), ("templates/base/mark.png", HEIRS)]
    )
    def test_so_does_an_image(self, project, build_again, file, stale):
        (project / file).write_bytes((project / file).read_bytes() + b"more")

        assert build_again() == stale

    @pytest.mark.parametrize(
        ("file", "text", "stale"),
        [
            ("templates/base/theme.yaml", "page: {top: 30}\n", BASES),
            ("templates/heir/base.css", "p { margin-top: 2pt }", HEIRS),
            ("templates/_shared/base.css", "p { margin-top: 2pt }", ALL),
            ("templates/_shared/a4.css", "p { margin-top: 2pt }", ALL),
            ("templates/heir/a4.yaml", "page: {top: 30}\n", HEIRS),
            ("templates/heir/later.j2", "<p>Later.</p>", HEIRS),
            ("templates/heir/first.j2", "<p>First.</p>", HEIRS),
        ],
    )
    def test_so_does_a_file_that_appears_where_it_is_looked_for_first(
        self, project, build_again, file, text, stale
    ):
        (project / file).parent.mkdir(exist_ok=True)
        (project / file).write_text(text, "utf-8")

        assert build_again() == stale
        (project / file).unlink()
        assert build_again() == stale

    def test_so_does_an_image_that_appears_there(self, project, build_again):
        shutil.copy(project / "templates/base/mark.png", project / "templates/heir/mark.png")

        assert build_again() == HEIRS

    def test_so_does_a_template_that_takes_the_place_of_a_shipped_one(self, project, build_again):
        assert build_again(templates=("per-question",)) == {
            "words-per-question",
            "more-per-question",
        }
        assert build_again(templates=("per-question",)) == set()

        write_template(project, "per-question", DRAFT)

        assert build_again(templates=("per-question",)) == {
            "words-per-question",
            "more-per-question",
        }

    def test_so_do_shipped_templates_that_the_project_holds(self, project, build_again):
        shipped = project / "templates/shipped"
        shutil.copytree(layout.locate_shipped_templates(), shipped)
        assert build_again() == set()

        append_text(shipped / "_shared/base.css", "p { margin-top: 3pt }")

        assert build_again() == ALL

    def test_so_does_the_source(self, project, build_again):
        source = project / "content/words/source.txt"
        source.write_text("words", "utf-8")
        article = project / "content/words/article.md"
        article.write_text(
            article.read_text("utf-8").replace("title:", "source: {file: source.txt}\ntitle:", 1)
        )
        assert build_again() == WORDS

        append_text(source, "more")

        assert build_again() == WORDS

    def test_so_does_a_summary_that_goes_or_comes(self, project, build_again):
        summary = project / "content/more/summary.yaml"
        text = summary.read_text("utf-8")
        summary.unlink()
        assert build_again() == ALL - WORDS

        summary.write_text(text, "utf-8")

        assert build_again() == ALL - WORDS

    def test_so_does_a_font(self, project, build_again, monkeypatch, tmp_path):
        installed = layout.find_font_file
        changed = tmp_path / "Spectral-Regular.ttf"
        changed.write_bytes(installed("fontpkg_spectral", changed.name).read_bytes() + b"\0")

        def font_file(package, name):
            return changed if name == changed.name else installed(package, name)

        monkeypatch.setattr(layout, "find_font_file", font_file)

        assert not check_freshness(make_request(project)).settled

    @pytest.mark.parametrize(
        ("what", "name"),
        [
            ("read_installed_versions", "weasyprint"),
            ("read_installed_versions", "fontpkg-spectral"),
            ("read_library_versions", "Pango"),
            ("read_library_versions", "Python"),
        ],
    )
    def test_so_does_another_version_of_what_sets_it(self, build_again, monkeypatch, what, name):
        now = getattr(versions, what)()
        monkeypatch.setattr(versions, what, lambda: now | {name: "0.1"})

        assert build_again() == ALL

    def test_so_does_another_brief(self, build_again, monkeypatch):
        monkeypatch.setattr(versions, "hash_program", lambda: "0" * 64)

        assert build_again() == ALL
        assert build_again() == set()

    @pytest.mark.parametrize(
        "options", [{"paper": "letter"}, {"marking": "TLP:RED"}, {"chatham_house": True}]
    )
    def test_so_do_options(self, build_again, options):
        suffix = "-chatham-house" if "chatham_house" in options else ""
        stale = {name.replace("-", f"{suffix}-") for name in ALL}

        assert build_again(**options) == stale
        assert build_again(**options) == set()

    def test_a_profile_makes_no_docx_again(self, project, rendered):
        def files(**options):
            given = {"templates": ("base",), "articles": ("words",), "formats": ("pdf", "docx")}
            result = run(make_request(project, **given, **options), lambda *_: None)
            return [Path(output.file).name for output in result.outputs]

        assert len(files()) == 2
        assert files(profile="booklet") == ["words-base.booklet.pdf"]
        assert files(profile="booklet", creep=1.0) == ["words-base.booklet.pdf"]
        assert files(profile="booklet", creep=1.0) == []

    def test_nothing_else_does(self, project, build_again):
        (project / "templates/heir/notes.txt").write_text("a note", "utf-8")
        (project / "templates/heir/unused.j2").write_text("not included", "utf-8")
        (project / "templates/heir/a5.css").write_text("p { margin-top: 2pt }", "utf-8")
        (project / "content/words/import.yaml").write_text("a: b", "utf-8")
        write_template(project, "new", DRAFT)
        for path in project.rglob("*"):
            os.utime(path, (1, 1))

        assert build_again() == set()

    def test_a_file_behind_a_link_that_leads_away_is_no_input(self, project, build_again):
        part = project / "templates/heir/part.j2"
        elsewhere = project / "part.j2"
        part.rename(elsewhere)
        part.symlink_to(elsewhere)

        assert not any("heir" in name for _, name in check_freshness(make_request(project)).whole)


class TestWhatWasWritten:
    @pytest.mark.parametrize("name", ["words-heir.html", "words-heir.quotes.json"])
    def test_is_made_again_when_it_is_gone(self, project, build_again, name):
        before = read_files(project / "out")
        (project / "out/words" / name).unlink()

        assert build_again() == {"words-heir"}
        assert read_files(project / "out") == before

    @pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
    def test_is_made_again_where_something_without_an_end_is_in_place_of_the_manifest(
        self, project, build_again, make
    ):
        before = read_files(project / "out")
        (project / "out/words/manifest.json").unlink()
        make(project / "out/words/manifest.json")

        assert build_again() == WORDS
        assert read_files(project / "out") == before

    @pytest.mark.parametrize("text", [None, "", "[]", '{"schema": 1, "outputs": [{"file": "x"}]}'])
    def test_without_a_manifest_is_made_again(self, project, build_again, text):
        manifest = project / "out/words/manifest.json"
        manifest.unlink()
        if text is not None:
            manifest.write_text(text, "utf-8")

        assert build_again() == WORDS
        assert build_again() == set()

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("inputs", None),
            ("inputs", {"content/words/article.md": 7}),
            ("inputs", {"content/\0": "x"}),
            ("packages", []),
            ("asked", 7),
            ("warnings", [7]),
            ("ledger", None),
            ("sha256", None),
        ],
    )
    def test_with_an_entry_that_makes_no_sense_is_made_again(
        self, project, build_again, key, value
    ):
        path = project / "out/words/manifest.json"
        manifest = json.loads(path.read_text("utf-8"))
        for entry in manifest["outputs"]:
            entry[key] = value
        path.write_text(json.dumps(manifest), "utf-8")

        assert build_again() == WORDS

    def test_only_the_part_that_is_gone_is_made_again(self, project, rendered):
        request = make_request(project, templates=("other",), split="question", formats=("tree",))
        run(request, lambda *_: None)
        (project / "out/words/words-other-q2.tree.json").unlink()

        (output,) = run(request, lambda *_: None).outputs

        assert output.part == "q2"
        assert check_freshness(request).is_done

    def test_a_part_that_could_not_be_set_is_tried_again(self, project, monkeypatch):
        def render(document, options):
            if "First words" in repr(document):
                raise KeyError("words")
            return Rendered(b"made")

        monkeypatch.setattr(typeset, "load_renderer", lambda name: render)
        request = make_request(project, templates=("other",), split="question", formats=("tree",))

        assert {d.code for d in run(request, lambda *_: None).diagnostics} == {"internal"}
        assert {d.code for d in run(request, lambda *_: None).diagnostics} == {"internal"}
        assert not check_freshness(request).is_done

    def test_a_brief_of_the_same_name_is_still_told(self, project, build_again):
        article = project / "content/words/article.md"
        article.write_text(article.read_text("utf-8").replace("{#q2}", "{#x-q1}"), "utf-8")
        (project / "content/words/summary.yaml").unlink()
        write_template(project, "other-x", DRAFT, "splits: [question]\n")
        options = {"articles": ("words",), "split": "question"}
        build_again(**options, templates=("other",))

        result = run(make_request(project, **options, templates=("other", "other-x")))

        assert "would both be called `words-other-x-q1`" in get_only(result.diagnostics).message


class TestOrders:
    def test_without_names_what_is_left_out_is_not_looked_at_again(self, project, build_again):
        (project / "content/more/summary.yaml").unlink()
        write_template(project, "short", DRAFT, "needs: [summary]\n")
        everything = {"templates": (), "formats": ("tree",)}
        build_again(**everything)

        state = check_freshness(make_request(project, **everything))

        assert state.is_done
        assert {d.code for d in state.warnings} == {"template-needs"}
        (project / "content/more/summary.yaml").write_text("standfirst: [", "utf-8")
        assert not check_freshness(make_request(project, **everything)).is_done

    @pytest.mark.parametrize("options", [{"split": "question"}, {"experts": ("ada",)}])
    def test_nor_is_a_template_without_parts_or_an_article_without_the_expert(
        self, project, build_again, options
    ):
        article = project / "content/more/article.md"
        (project / "content/more/summary.yaml").unlink()
        article.write_text(article.read_text("utf-8").replace("ada", "cy"), "utf-8")
        chosen = {"templates": (), "formats": ("tree",), **options}
        build_again(**chosen)

        assert check_freshness(make_request(project, **chosen)).is_done

    def test_but_a_name_that_is_given_is_told_each_time(self, project, build_again):
        (project / "content/more/summary.yaml").unlink()
        write_template(project, "short", DRAFT, "needs: [summary]\n")
        build_again(templates=(), formats=("tree",))

        for _ in range(2):
            result = run(make_request(project, templates=("short",), formats=("tree",)))

            assert "needs a summary" in get_only(result.diagnostics).message
            assert result.failed

    def test_earlier_warnings_are_told_again(self, project):
        article = project / "content/words/article.md"
        silent = ARTICLE.replace("experts:\n", "experts:\n  cy: {name: Cy Gamma}\n")
        article.write_text(silent, "utf-8")
        arguments = ("build", "-t", "base", "-f", "tree")
        first = brief(project, *arguments)

        again = brief(project, *arguments)

        assert "0 files in" in again.stdout
        assert "2 fresh as they were" in again.stdout
        assert again.stderr == first.stderr.partition("\n")[2].partition("\n")[2]
        assert "`cy` answers no question [silent-expert]" in again.stderr
        assert (again.exit_code, brief(project, *arguments, "--strict").exit_code) == (0, 1)

    def test_under_the_chatham_house_rule_no_manifest_says_what_was_withheld(
        self, project, build_again
    ):
        article = project / "content/words/article.md"
        article.write_text(article.read_text("utf-8").replace("Words of Bo[", "Ada Alpha says["))
        (project / "content/words/summary.yaml").unlink()
        arguments = ("build", "-t", "base", "-f", "tree", "--chatham-house", "-j", "1")
        first = brief(project, *arguments)

        again = brief(project, *arguments)

        assert "1 warning" in first.stderr or "warnings" in first.stderr
        assert "0 files in" in again.stdout
        assert again.stderr == first.stderr.partition("\n")[2].partition("\n")[2]
        for path in (project / "out").rglob("manifest.json"):
            assert "Alpha" not in path.read_text("utf-8")

    def test_what_is_new_is_made_and_what_is_there_is_kept(self, project, build_again):
        write_template(project, "new", DRAFT)

        assert build_again(templates=(*OWN, "new")) == {"words-new", "more-new"}
        assert build_again(formats=("html", "tree", "docx")) == ALL

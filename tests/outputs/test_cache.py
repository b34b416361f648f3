"""A cache gives back what was made of the same things, and harms nothing."""

import json
import os
import shutil
from itertools import cycle
from pathlib import Path

import pytest

from pipeline.api import Project
from pipeline.build.build_steps import run
from pipeline.outputs.cache import Cache
from pipeline.outputs.freshness import check_freshness
from pipeline.system.limits import DEFAULT_LIMITS, Limits
from tests.support.command import brief, read_files
from tests.support.two_articles import (
    ALL,
    OWN,
    WORDS,
    append_text,
    count_rendered,
    make_request,
    write_two_articles,
)
from tests.support.workbench import DRAFT, write_template


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_two_articles(tmp_path)


@pytest.fixture
def rendered(monkeypatch) -> list[str]:
    """The formats that were rendered, one for each time."""
    return count_rendered(monkeypatch)


class TestCache:
    @pytest.fixture
    def cached(self, project, rendered):
        """Builds with a cache, from no out/ at all, and names the briefs that were made."""

        def build_anew(limits: Limits = DEFAULT_LIMITS) -> set[str]:
            shutil.rmtree(project / "out", ignore_errors=True)
            result = Project(project, limits).build(
                templates=OWN, formats=("html", "tree"), cache=project / "kept"
            )
            assert not result.failed, result.diagnostics
            return {Path(output.file).stem for output in result.outputs if output.format == "html"}

        return build_anew

    def test_gives_back_what_was_made_of_the_same_things(self, project, cached):
        assert cached() == ALL
        before = read_files(project / "out")

        assert cached() == set()
        assert read_files(project / "out") == before

    def test_gives_back_other_editions_as_well(self, project, cached):
        cached()
        article = project / "content/words/article.md"
        text = article.read_text("utf-8")
        append_text(article, "\nMore.\n")
        assert cached() == WORDS

        article.write_text(text, "utf-8")

        assert cached() == set()

    @pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"spoilt")])
    def test_gives_no_file_that_was_lost_or_spoilt(self, project, cached, spoil):
        cached()
        before = read_files(project / "out")
        for path in (project / "kept/files").iterdir():
            spoil(path)

        assert cached() == ALL
        assert read_files(project / "out") == before

    def test_with_entries_that_make_no_sense_is_as_good_as_none(self, project, cached):
        cached()
        texts = cycle(["", "[]", "{}", "[" * 100_000])
        for path in (project / "kept").glob("entries/*/*.json"):
            path.write_text(next(texts), "utf-8")

        assert cached() == ALL

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("file", "manifest.json"),
            ("file", ".."),
            ("file", "\ud800"),
            ("file", "x" * 256),
            ("template", "heir"),
            ("ledger", "../x.json"),
            ("part", [7]),
            ("parts", [[7]]),
            ("asked", 7),
            ("warnings", 7),
            ("inputs", []),
        ],
    )
    def test_nor_does_an_entry_of_other_files_or_of_no_files_do_harm(
        self, project, cached, key, value
    ):
        cached()
        before = read_files(project / "out")
        for path in (project / "kept").glob("entries/*/*.json"):
            entry = json.loads(path.read_bytes())
            if entry["template"] == "other":
                path.write_text(json.dumps(entry | {key: value}), "utf-8")

        assert cached() == {"words-other", "more-other"}
        assert read_files(project / "out") == before

    def test_keeps_what_is_left_out_too(self, project, rendered):
        write_template(project, "short", DRAFT, "needs: [summary]\n")
        (project / "content/more/summary.yaml").unlink()
        kept = project / "kept"
        request = make_request(project, templates=(), cache=kept)
        first = run(request, lambda *_: None)
        shutil.rmtree(project / "out")

        Cache(kept).restore(request, check_freshness(request))

        assert check_freshness(request).is_done
        assert check_freshness(request).warnings == first.diagnostics

    def test_lets_go_what_was_not_used_for_long(self, project, cached):
        cached()
        for article in ("words", "more"):
            append_text(project / f"content/{article}/article.md", "\nMore.\n")
        for path in (project / "kept/files").iterdir():
            os.utime(path, (1, 1))
        (project / "kept/entries/x").mkdir()
        (project / "kept/entries/x/0.json").write_text("no entry", "utf-8")
        size = sum(map(len, read_files(project / "kept/files").values())) + 1000
        limits = Limits(cache_bytes=size)

        assert cached(limits) == ALL

        assert cached(limits) == set()
        assert sum(map(len, read_files(project / "kept/files").values())) <= size
        assert len(read_files(project / "kept/entries")) == 2 * len(ALL)

    @pytest.mark.parametrize("make", [Path.touch, lambda path: path.symlink_to("kept")])
    @pytest.mark.parametrize("option", ["--cache", "--out"])
    def test_that_cannot_be_written_is_told(self, project, make, option):
        make(project / "kept")

        result = brief(project, "build", "-t", "other", "-f", "tree", option, "kept")

        assert result.exit_code == 1
        assert "[unwritable]" in result.stderr

"""Each kind of bad input gets its own message, with place and hint, and leaves the last good build.

The whole command runs on a small project that was built once and then spoiled.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import brief, read_files
from tests.support.workbench import ARTICLE, DRAFT, write_project, write_template

BUILD = ("build", "--template", "draft", "--format", "tree", "--format", "html")


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A project with a template of its own, `draft`, and its files built."""
    project = write_project(tmp_path_factory.mktemp("project"))
    write_template(project, "draft", DRAFT, "splits: [question]\n")
    (project / "secret.png").write_bytes(b"no picture")
    assert brief(project, *BUILD).exit_code == 0
    return project


@pytest.fixture
def project(built, tmp_path) -> Path:
    """A copy of the project to spoil."""
    return Path(shutil.copytree(built, tmp_path / "project"))


def spoil(project: Path, file: str, old: str | bytes, new: str = "") -> None:
    """Replace a piece of a file that must be there, or write the file anew."""
    path = project / file
    if isinstance(old, str) and new:
        text = path.read_text("utf-8")
        assert old in text
        old = text.replace(old, new, 1)
    path.write_bytes(old.encode() if isinstance(old, str) else old)


def refuses(project: Path, *expected: str, arguments=BUILD, code: int = 1) -> None:
    """Check what the command says, line by line, and that it touches no file."""
    before = read_files(project)

    result = brief(project, *arguments)

    assert result.exit_code == code
    assert result.stdout == ""
    written = result.stderr.splitlines()
    lines = [line for line in written if line != "not built: words-draft"]
    for line in expected:
        assert any(re.fullmatch(line, given) for given in lines), result.stderr
    assert lines[-1] == f"{len(lines) // 2} error" + ("s" if len(lines) > 3 else "")
    assert (lines != written) is (code == 1 and "no-content" not in result.stderr)
    assert "Traceback" not in result.stderr
    assert read_files(project) == before


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (
            ["build", "--template", "drat"],
            r"error: there is no template `drat` \[unknown-template\]",
            "  hint: did you mean `draft`\\?",
        ),
        (
            ["build", "--template", "draft", "--question", "q7"],
            r"error: .* no question `q7` \[unknown-question\]",
            "  hint: known: `q1`, `q2`",
        ),
        (
            ["build", "--expert", "adda"],
            r"error: .* no expert `adda` \[unknown-expert\]",
            "  hint: did you mean `ada`\\?",
        ),
        (
            ["build", "worsd"],
            r"error: there is no article `worsd` \[unknown-article\]",
            "  hint: did you mean `words`\\?",
        ),
    ],
)
def test_a_name_that_does_not_exist(project, arguments, message, hint):
    refuses(project, message, hint, arguments=arguments, code=2)


def test_a_format_that_does_not_exist(project):
    before = read_files(project)

    result = brief(project, "build", "--format", "odt")

    assert result.exit_code == 2
    assert "'odt' is not one of 'pdf', 'docx', 'html', 'tree'." in result.stderr
    assert read_files(project) == before


@pytest.mark.parametrize(
    ("file", "old", "new", "message", "hint"),
    [
        pytest.param(
            "content/house.yaml",
            "paper: a4",
            "paper: [a4",
            r"content/house\.yaml:\d+:\d+: error: .* \[yaml-syntax\]",
            "  hint: .+",
            id="broken-yaml",
        ),
        pytest.param(
            "content/words/article.md",
            "short_title: Words",
            "short_titel: Words",
            r"content/words/article\.md:3:1: error: .*`short_titel`.* \[unknown-key\]",
            "  hint: did you mean `short_title`\\?",
            id="unknown-front-matter-key",
        ),
        pytest.param(
            "content/words/article.md",
            "## bo\n",
            "## boe\n",
            r"content/words/article\.md:\d+:1: error: `boe` is not .* \[unknown-expert\]",
            "  hint: did you mean `bo`\\?",
            id="answer-by-an-unknown-expert",
        ),
        pytest.param(
            "content/words/article.md",
            "{#q2}",
            "{#q1}",
            r"content/words/article\.md:\d+:1: error: two questions .* `q1` \[duplicate-id\]",
            "  hint: the first one is on line \\d+",
            id="duplicate-ids",
        ),
        pytest.param(
            "content/words/article.md",
            "experts:",
            "experts:\n  bo: {name: Bo Again}",
            r"content/words/article\.md:\d+:\d+: error: .*`bo`.* \[duplicate-key\]",
            "  hint: .+",
            id="duplicate-expert",
        ),
        pytest.param(
            "content/words/article.md",
            "Second words,",
            "Second <b>words</b>,",
            r"content/words/article\.md:\d+:\d+: error: .* \[raw-html\]",
            "  hint: .+",
            id="raw-html",
        ),
        pytest.param(
            "content/words/article.md",
            "Second words,",
            "![A secret](../../secret.png)\n\nSecond words,",
            r"content/words/article\.md:\d+:\d+: error: .*`\.\./\.\./secret\.png` is not inside.* "
            r"\[image-outside\]",
            "  hint: copy it into the folder .+",
            id="image-outside",
        ),
        pytest.param(
            "content/words/article.md",
            "Second words,",
            "![A map](images/map.png)\n\nSecond words,",
            r"content/words/article\.md:\d+:\d+: error: .*`images/map\.png`.* \[image-missing\]",
            "  hint: .+",
            id="image-missing",
        ),
        pytest.param(
            "content/words/article.md",
            "Second words,",
            "![A text](article.md)\n\nSecond words,",
            r"content/words/article\.md:\d+:\d+: error: `article\.md` is not an image.* "
            r"\[not-an-image\]",
            "  hint: PNG and JPEG .+",
            id="not-an-image",
        ),
        pytest.param(
            "templates/draft/document.html.j2",
            "<h2>",
            "<h2><blink>now</blink>",
            r"templates/draft/document\.html\.j2:5: error: .*<blink>.* \[unknown-element\]",
            "  hint: .+",
            id="unknown-element",
        ),
        pytest.param(
            "templates/draft/document.html.j2",
            "question.text",
            "question.txet",
            r"templates/draft/document\.html\.j2:5: error: .*`txet` \[undefined-name\]",
            "  hint: did you mean `text`\\?",
            id="undefined-name",
        ),
        pytest.param(
            "templates/draft/document.html.j2",
            "{{ answer.blocks }}",
            "{% for n in range(99999) %}{% for m in range(99999) %}.{% endfor %}{% endfor %}",
            r"templates/draft/document\.html\.j2:6: error: `draft` has no end: .* "
            r"\[template-too-large\]",
            "  hint: look for a loop, a macro or an include that goes on for ever",
            id="endless-loop",
        ),
        pytest.param(
            "content/words/article.md",
            ARTICLE.replace("Second words", "Second w\xf6rds").encode("latin-1"),
            "",
            r"content/words/article\.md:\d+:9: error: byte 0xf6 is not UTF-8 text \[not-utf8\]",
            "  hint: save the file as UTF-8",
            id="not-utf8",
        ),
    ],
)
def test_a_file_that_is_wrong(project, file, old, new, message, hint):
    spoil(project, file, old, new)

    refuses(project, message, hint)


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        pytest.param(
            "standfirst: Two experts on words.",
            "standfirst: [Two experts",
            r"content/words/summary\.yaml:2:\d+: error: .* \[yaml-syntax\]",
            "  hint: .+",
            id="broken-yaml",
        ),
        pytest.param(
            'quote: "words of Ada"',
            'quote: "words of Eva"',
            r"content/words/summary\.yaml:\d+:\d+: error: .*“words of Eva” "
            r"\[quote-not-verbatim\]",
            "  hint: nearest there: “First words of.*”",
            id="quote-not-in-its-answer",
        ),
    ],
)
def test_a_summary_that_is_wrong_stops_the_templates_that_need_one(
    project, old, new, message, hint
):
    write_template(project, "draft", DRAFT, "splits: [question]\nneeds: [summary]\n")
    assert brief(project, *BUILD).exit_code == 0
    spoil(project, "content/words/summary.yaml", old, new)

    refuses(project, message, hint)


def test_everything_that_is_wrong_is_told_in_one_run(project):
    spoil(project, "content/words/article.md", "short_title", "short_titel")
    spoil(project, "content/words/article.md", "{#q2}", "{#q1}")
    spoil(project, "content/house.yaml", "paper: a4", "paper: a6")
    spoil(project, "templates/draft/template.yaml", "title", "titel")

    refuses(
        project,
        r"content/words/article\.md:3:1: error: .*",
        r"content/words/article\.md:\d+:1: error: two questions have the id `q1`.*",
        r"content/house\.yaml:\d+:\d+: error: .*",
        r"templates/draft/template\.yaml:1:1: error: .*`titel`.*",
    )


@pytest.mark.parametrize(
    ("left", "hint"),
    [
        ([], "  hint: run brief in the folder that holds content/"),
        (["content"], "  hint: an article is a folder content/<name>/ with an article.md; .*"),
        (["content/words"], "  hint: an article is a folder content/<name>/ .*"),
    ],
)
def test_a_content_folder_that_is_empty_or_not_there(project, left, hint):
    shutil.rmtree(project / "content")
    for folder in left:
        (project / folder).mkdir(parents=True)

    refuses(project, r"content: error: there is no article here \[no-content\]", hint)


def test_an_out_folder_that_is_a_file(project):
    (project / "place").touch()

    refuses(
        project,
        r"place/words: error: cannot write here: not a directory \[unwritable\]",
        "  hint: take another folder with --out",
        arguments=[*BUILD, "--out", "place"],
    )


def test_an_out_folder_that_may_not_be_written_into(project, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may always
    spoil(project, "content/words/article.md", "Opening words", "Other words")

    refuses(
        project,
        r"out/words: error: cannot write here: permission denied \[unwritable\]",
        "  hint: take another folder with --out",
    )


def test_a_disk_that_is_full(project):
    """A bound on what the process may write stands for the disk; the HTML holds fonts."""
    before = read_files(project / "out")
    spoil(project, "content/words/article.md", "Opening words", "Other words")
    script = (
        "import resource, sys; from pipeline.cli import main\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))\n"
        f"main({list(BUILD)!r})"
    )

    result = subprocess.run(
        [sys.executable, "-c", script], cwd=project, capture_output=True, text=True, check=False
    )

    assert result.returncode == 1
    assert result.stdout == ""
    assert re.fullmatch(
        r"\[1/1\] words-draft\n"
        r"out/words/words-draft\.html: error: cannot write here: file too large \[unwritable\]\n"
        r"  hint: .+\nnot built: words-draft\n1 error\n",
        result.stderr,
    )
    assert read_files(project / "out") == before

"""What the documents show works: their commands run, and what they name and link to is there."""

import ast
import re
import shlex
import shutil
import textwrap
from collections.abc import Iterator

import click
import pytest

from pipeline.cli import main
from tests.support.command import brief
from tests.support.paths import ROOT

DOCS = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for pattern in ("*.md", ".ci/*.md", ".github/*.md", "[!.]*/README.md")
    for path in sorted(ROOT.glob(pattern))
}
PROJECT = ("content", "templates", "pipeline/schema")
CONTEXT = click.Context(main, **main.context_settings)
COMMANDS = {name: main.get_command(CONTEXT, name) for name in main.list_commands(CONTEXT)}
OPTIONS = {
    option
    for command in (main, *COMMANDS.values())
    for parameter in command.get_params(CONTEXT)
    for option in parameter.opts
}


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield each fenced block, its language and what is in it."""
    for match in re.finditer(r"^( *)```(\w*)\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL):
        yield match[2], textwrap.dedent(match[3])


def spans(text: str) -> Iterator[str]:
    """Yield each piece of code in the running text."""
    running = re.sub(r"^( *)```.*?^\1```$", "", text, flags=re.MULTILINE | re.DOTALL)
    for match in re.finditer(r"(`+)(.+?)\1", running, re.DOTALL):
        yield " ".join(match[2].split())


def commands(block: str) -> Iterator[list[str]]:
    """Yield the arguments of each `brief` that a block shows, whether after a prompt or not."""
    for line in block.replace("\\\n", " ").splitlines():
        words = shlex.split(line.removeprefix("$ "), comments=True)
        if words[:1] == ["brief"]:
            yield words[1:]


def shown_commands(text: str) -> list[list[str]]:
    return [
        arguments
        for language, block in blocks(text)
        if language in ("console", "sh")
        for arguments in commands(block)
    ]


def sections(text: str) -> dict[str, str]:
    """Return each part of a document under a heading of its second level, by its heading."""
    opening, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    return {"": opening, **{part.partition("\n")[0]: part for part in parts}}


def shown_file(block: str) -> str:
    """Return the path that the first line of a block names in a comment; empty if it names none."""
    comment = re.match(r"(?:#|\{#|/\*|<!--) *((?:templates|content)/\S+)", block)
    return comment[1] if comment else ""


def test_the_documents_are_found_with_their_commands_and_files():
    assert {"README.md", "content/README.md", ".github/CONTRIBUTING.md"} <= DOCS.keys()
    assert ["list"] in shown_commands(DOCS["README.md"])
    assert any(shown_file(block) for _, block in blocks(DOCS["README.md"]))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "heading"),
    [
        (name, heading)
        for name, text in DOCS.items()
        for heading, section in sections(text).items()
        if shown_commands(section)
    ],
)
def test_the_commands_that_a_section_shows_do_what_it_says(name, heading, tmp_path):
    """Each section begins anew, with the files that those before it show."""
    for part in PROJECT:
        shutil.copytree(ROOT / part, tmp_path / part)
    for section, text in sections(DOCS[name]).items():
        for language, block in blocks(text):
            if path := shown_file(block):
                (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / path).write_text(block, "utf-8")
            run = section == heading and language in ("console", "sh")
            for arguments in commands(block) if run else ():
                result = brief(tmp_path, *arguments)
                assert result.exit_code == 0, (arguments, result.output)
        if section == heading:
            break


@pytest.mark.parametrize("name", DOCS)
def test_what_a_document_links_to_is_there(name):
    links = re.findall(r"\]\(([^)\s]+)\)", DOCS[name])
    here = (ROOT / name).parent

    missing = [
        link
        for link in links
        if not re.match(r"[a-z]+:", link) and not (here / link.partition("#")[0]).exists()
    ]

    assert missing == []


@pytest.mark.parametrize("name", DOCS)
def test_the_commands_and_options_that_a_document_names_exist(name):
    shown = [["brief", *arguments] for arguments in shown_commands(DOCS[name])]
    named = [span.split() for span in spans(DOCS[name]) if re.match("brief |--", span)]

    unknown = set()
    for words in [*shown, *named]:
        unknown |= {w for w in words if w.startswith("--") and w.partition("=")[0] not in OPTIONS}
        if words[0] == "brief" and not words[1].startswith("-") and words[1] not in COMMANDS:
            unknown.add(" ".join(words))

    assert unknown == set()


@pytest.mark.parametrize("name", DOCS)
def test_the_files_and_the_targets_of_make_that_a_document_names_exist(name):
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"out"}
    here = (ROOT / name).parent

    unknown = set()
    for span in spans(DOCS[name]):
        if make := re.fullmatch(r"make ([a-z]+)", span):
            unknown |= {span} if make[1] not in targets else set()
        elif re.fullmatch(r"[\w./-]+", span) and (
            span.partition("/")[0] in folders or span.endswith(".py")
        ):
            unknown |= {span} if not ((ROOT / span).exists() or (here / span).exists()) else set()

    assert unknown == set()


def messages_that_name_a_page() -> list[tuple[str, str]]:
    """Return each page that a message of the pipeline sends people to, with the message."""
    found = []
    for path in (ROOT / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                for page in re.findall(r"([\w./]+\.md) (?:shows|lists)", node.value):
                    found.append((page, node.value))
    return found


@pytest.mark.parametrize(("page", "message"), messages_that_name_a_page())
def test_a_page_that_a_message_names_has_what_it_says(page, message):
    text = (ROOT / page).read_text("utf-8")

    commands_in_it = [span for span in spans(message) if re.match("(dask|pip|make) ", span)]
    assert [command for command in commands_in_it if command not in text] == []

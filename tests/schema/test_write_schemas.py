"""The published schemas are what the records say, and an editor that checks by them agrees."""

import json
import re

import pytest
import yaml
from jsonschema import Draft202012Validator

from pipeline.look.theme import PAPER
from pipeline.schema import write_schemas
from tests.support.paths import ROOT

SCHEMAS = {
    path.name.removesuffix(".schema.json"): json.loads(path.read_text("utf-8"))
    for path in write_schemas.FOLDER.glob("*.json")
}
FILES = {
    path.relative_to(ROOT).as_posix(): "theme" if path.stem in PAPER else path.stem
    for pattern in (
        "content/*.yaml",
        "content/*/article.md",
        "content/*/*.yaml",
        "templates/*/*.yaml",
    )
    for path in sorted(ROOT.glob(pattern))
}
"""The project's own YAML, each with the name of its schema."""


class Loader(yaml.SafeLoader):
    """Reads a date as the text that it is, as an editor does (YAML 1.2)."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, regex) for tag, regex in known if not tag.endswith(":timestamp")]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def front(path: str) -> str:
    """Return a file's YAML: all of it, or an article's front matter."""
    text = (ROOT / path).read_text("utf-8")
    return text.split("---\n")[1] if path.endswith(".md") else text


def list_errors(schema: str, value: object) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMAS[schema]).iter_errors(value)]


def test_what_is_published_is_what_the_records_say():
    published = {path.name: path.read_text("utf-8") for path in write_schemas.FOLDER.glob("*.json")}

    assert published == dict(write_schemas.list_schemas()), (
        "run python -m pipeline.schema.write_schemas"
    )


def test_there_is_a_schema_for_each_kind_of_file():
    assert set(FILES.values()) == SCHEMAS.keys()
    assert {"content/house.yaml", "templates/_shared/theme.yaml"} <= FILES.keys()


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one(name):
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("path", FILES)
def test_the_projects_own_files_are_right_by_their_schema(path):
    assert list_errors(FILES[path], yaml.load(front(path), Loader)) == []


@pytest.mark.parametrize("path", FILES)
def test_each_file_names_its_schema_for_editors(path):
    line = front(path).splitlines()[0]

    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", line)

    assert named
    schema = (ROOT / path).parent / named[1]
    assert schema.resolve() == write_schemas.FOLDER / f"{FILES[path]}.schema.json"


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        ("content/house.yaml", "name: ", "nmae: ", "'nmae' was unexpected"),
        ("content/house.yaml", "paper: ", "paper: a6 # ", "'a6' is not one of"),
        ("article.md", "date: 2", "date: [2]\nsince: 2", "is not of type 'string'"),
        ("article.md", "language: ", "language: ?", "does not match"),
        ("article.md", "experts:", "topics: x\nexpert:", "'experts' is a required property"),
        ("summary.yaml", "takeaways:", "takeaways: []\nspare:", "[] is too short"),
        ("per-expert/template.yaml", "splits: [", "splits: [answer, ", "is not one of"),
        ("_shared/theme.yaml", "size: 10", "size: large", "is not of type 'number'"),
    ],
)
def test_an_editor_marks_what_brief_would_refuse(path, old, new, message):
    (found,) = [name for name in FILES if name.endswith(path)]
    text = front(found)
    assert old in text

    spoiled = yaml.load(text.replace(old, new, 1), Loader)

    assert any(message in error for error in list_errors(FILES[found], spoiled))

"""YAML files laid over each other: what wins, and whose place is reported."""

import dataclasses
from dataclasses import dataclass

import pytest

from pipeline.diagnostics import Findings, Location
from pipeline.look.theme_layers import read_layers


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    name: str = ""
    shine: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    door: Paint = dataclasses.field(default_factory=Paint)
    walls: Paint = dataclasses.field(default_factory=Paint)
    rooms: tuple[str, ...] = ()


def laid(*texts, depth=2):
    findings = Findings()
    files = [(f"{number}.yaml", text) for number, text in enumerate(texts, 1)]
    layers = read_layers(files, "house.yaml", findings, depth)
    return layers, layers.decode_record(layers.tree, House), findings.found


def test_a_later_file_writes_only_what_it_changes():
    _, house, found = laid(
        "door: {name: red, shine: 3}\nrooms: [hall, attic]\n",
        "door: {name: green}\nwalls: {name: white}\n",
        "rooms: [cellar]\n",
    )
    assert found == []
    assert house == House(
        door=Paint(name="green", shine=3), walls=Paint(name="white"), rooms=("cellar",)
    )


def test_below_its_depth_a_value_replaces_another_whole():
    _, house, _ = laid("door: {name: red, shine: 3}\n", "door: {name: green}\n", depth=1)
    assert house == House(door=Paint(name="green"))


def test_what_is_wrong_is_told_where_it_was_written():
    _, _, found = laid(
        "door: {name: red, shine: much}\n", "# mine\ndoor: {name: green, colour: x}\n"
    )
    assert {(d.code, str(d.at)) for d in found} == {
        ("wrong-type", "1.yaml:1:26"),
        ("unknown-key", "2.yaml:2:21"),
    }


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("door", "shine"), "1.yaml:1:26"),
        (("door", "name"), "2.yaml:2:14"),
        (("walls", "name"), "2.yaml:2:1"),  # of the whole, which the second file changed
        (("door", "name", "letters"), "2.yaml:2:14"),
    ],
)
def test_every_value_has_the_place_where_it_was_written(path, place):
    layers, _, _ = laid("door: {name: red, shine: 3}\n", "# mine\ndoor: {name: green}\n")
    assert str(layers.locate_value(*path)) == place


def test_files_that_write_nothing_change_nothing():
    _, house, found = laid("", "door: {name: red}\n", "# only words\n")
    assert (house, found) == (House(door=Paint(name="red")), [])


def test_without_a_word_in_any_file_the_last_one_is_the_place():
    layers, _, _ = laid("", "")
    assert layers.locate_value("door") == Location("2.yaml")

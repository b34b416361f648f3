"""The walls between the packages of pipeline/, read off their imports."""

import ast
import re
import sys
import tomllib
from graphlib import TopologicalSorter
from importlib import metadata

import pytest

from tests.support.paths import ROOT

FLOORS = """
    diagnostics system document yaml_nodes records project look word render content templating
    request outputs build schema importers review checks api commands cli
""".split()
"""The packages and modules of pipeline/, lowest first: each imports only from those before it."""


def imports(source: str) -> set[str]:
    """Return every module that a source imports anywhere, in functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def read_modules() -> dict[str, set[str]]:
    """Return each module of pipeline/ with what it imports; modules by their dotted names."""
    modules = {}
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        modules[name] = imports(path.read_text("utf-8"))
    return modules


IMPORTS = read_modules()
COMMANDS = {module for module in IMPORTS if module.startswith("pipeline.commands.")}
RENDERERS = {module for module in IMPORTS if module.startswith("pipeline.render")}


def ours(module: str) -> set[str]:
    """Return the modules that a module imports: the longest names that are modules."""
    found = set()
    for name in IMPORTS[module]:
        while name not in IMPORTS and "." in name:
            name = name.rpartition(".")[0]
        found |= {name} & IMPORTS.keys()
    return found - {"pipeline"}


def behind(module: str) -> set[str]:
    """Return the modules that a module imports, and those that they import, and so on."""
    found: set[str] = set()
    waiting = ours(module)
    while waiting:
        found |= waiting
        waiting = set().union(*map(ours, waiting)) - found
    return found


def importers(package: str) -> set[str]:
    return {
        module for module, names in IMPORTS.items() if package in {n.split(".")[0] for n in names}
    }


def floor(module: str) -> str:
    """Return the package, or the module at the root, that a module belongs to."""
    return module.split(".")[1]


def test_the_rooms_are_read_with_their_imports():
    assert {"pipeline", "pipeline.cli", "pipeline.render", "pipeline.render.pdf"} <= IMPORTS.keys()
    assert ours("pipeline.system.atomic_write") == {"pipeline.diagnostics"}
    assert "pipeline.content.model" in behind("pipeline.content.loader")


def test_every_room_stands_on_a_floor():
    assert {floor(module) for module in IMPORTS if "." in module} == set(FLOORS)


@pytest.mark.parametrize("name", FLOORS)
def test_a_room_imports_from_the_floors_below_alone(name):
    below = FLOORS[: FLOORS.index(name) + 1]
    modules = [module for module in IMPORTS if "." in module and floor(module) == name]

    above = {(r, other) for r in modules for other in ours(r) if floor(other) not in below}

    assert above == set()


def test_rooms_import_each_other_in_no_circle():
    assert list(TopologicalSorter({module: ours(module) for module in IMPORTS}).static_order())


@pytest.mark.parametrize(
    "module",
    ["diagnostics", "document.tree", "document.characters", "system.doctor", "project.layout"],
)
def test_the_lowest_rooms_import_nothing_of_ours(module):
    assert ours(f"pipeline.{module}") == set()


def test_doctor_imports_the_standard_library_only():
    imported = {name.split(".")[0] for name in IMPORTS["pipeline.system.doctor"]}
    assert imported <= sys.stdlib_module_names


def test_templating_alone_knows_jinja():
    assert {floor(module) for module in importers("jinja2")} == {"templating"}


@pytest.mark.parametrize("package", ["weasyprint", "docx", "fontTools"])
def test_what_sets_pages_is_imported_by_renderers_only(package):
    assert importers(package)
    assert importers(package) <= RENDERERS


def test_the_command_line_alone_knows_click():
    assert importers("click") == {"pipeline.cli", *COMMANDS}


@pytest.mark.parametrize(
    ("package", "modules"),
    [
        ("PIL", {"document.images", "render.finish.inks", "render.finish.pdf_images"}),
        ("tinycss2", {"look.css_rules"}),
    ],
)
def test_a_package_is_behind_its_doors(package, modules):
    assert importers(package) == {f"pipeline.{module}" for module in modules}


def test_the_pipeline_knows_no_tests():
    assert importers("tests") == set()


def test_tests_are_laid_out_as_the_pipeline_is():
    folders = {path.parent.name for path in ROOT.glob("tests/*/test_*.py")}
    assert folders - {"whole"} <= set(FLOORS)


def test_every_package_that_is_imported_is_asked_for_by_name():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    entries = [*project["dependencies"], *extras["check"], *extras["cluster"]]
    required = {re.split("[<>=]", entry)[0] for entry in entries}
    homes = metadata.packages_distributions()
    imported = {name.split(".")[0] for names in IMPORTS.values() for name in names}

    theirs = imported - sys.stdlib_module_names - {"pipeline"}
    missing = {name for name in theirs if not required & {d.lower() for d in homes[name]}}

    assert missing == set()


def test_the_architecture_lists_the_floors_in_their_order():
    page = (ROOT / "pipeline" / "README.md").read_text("utf-8")
    table = page.partition("## The packages\n")[2].partition("\n## ")[0]
    firsts = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]

    assert re.findall(r"`(\w+)(?:\.py|/)`", " ".join(firsts)) == FLOORS

"""The Document of each shipped template, compared with the tree that was read and accepted."""

from pathlib import Path

import pytest

from pipeline.build.build_steps import run
from pipeline.request import Request
from pipeline.templating.catalogue import TemplateCatalogue
from tests.support.paths import ROOT

GOLDEN = Path(__file__).parent / "golden"
TEMPLATES = ("briefing-pack", "per-expert", "per-question", "policymaker-summary")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    request = Request(project=ROOT, out=out, formats=("tree",))
    assert not run(request, lambda *_: None).diagnostics
    return out


def test_these_are_all_the_shipped_templates():
    assert TemplateCatalogue(ROOT).list_names() == TEMPLATES


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("what", ["tree.json", "quotes.json"])
def test_golden(built, template, what):
    name = f"future-of-cyber-diplomacy/future-of-cyber-diplomacy-{template}.{what}"
    written, golden = (built / name).read_text("utf-8"), (GOLDEN / name).read_text("utf-8")
    assert written == golden, (
        f"{name} differs; if that is meant: brief build --format tree --out tests/whole/golden, "
        "then read the difference"
    )

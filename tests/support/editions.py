"""Two editions of the brief of one project, composed and compared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.build import build_briefs
from pipeline.diagnostics import Findings
from pipeline.request import Request
from pipeline.review.redline.change_list import Edition
from pipeline.templating.variables import FINGERPRINT
from tests.support.review_project import TEMPLATES


def compose_editions(
    project: Path, templates: tuple[str, ...] = TEMPLATES
) -> Mapping[str, Edition]:
    """Compose the project's briefs, by their templates; raises Problems."""
    request = Request(project=project, out=project / "out", templates=templates, formats=("docx",))
    findings = Findings()
    loaded = build_briefs.load_articles(request, findings)
    findings.stop_on_errors()
    briefs = build_briefs.compose_briefs(request, loaded, findings).briefs
    findings.stop_on_errors()
    fingerprint = loaded[0].sha256[:FINGERPRINT]
    return {brief.template: Edition(brief.document, fingerprint) for brief in briefs}

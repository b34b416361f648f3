"""What there is to build: the articles and templates of a project, each with what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.content import loader
from pipeline.diagnostics import Diagnostic, Findings
from pipeline.project.unread_folders import report_unread_folders
from pipeline.templating.catalogue import TemplateCatalogue


@dataclass(frozen=True, slots=True)
class Listing:
    """Articles and templates by name; None stands for what has errors."""

    articles: Mapping[str, str | None]
    """The title of each."""
    templates: Mapping[str, str | None]
    """What each is for, and what it has parts by."""
    diagnostics: tuple[Diagnostic, ...]


def list_project(project: Path) -> Listing:
    """Return what there is to build, with all that is wrong with it."""
    findings = Findings()
    catalogue = TemplateCatalogue(project)

    def read_title(name: str) -> str:
        return loader.load_content(project, name).article.title

    def describe_template(name: str) -> str:
        spec = catalogue.get_template(name).spec
        parts = f" Has parts by {' and '.join(spec.splits)}." if spec.splits else ""
        return spec.description + parts

    articles: tuple[str, ...] = ()
    with findings.collecting():
        articles = loader.require_articles(project)
    findings.add_new(report_unread_folders(project))
    return Listing(
        _describe_each(articles, read_title, findings),
        _describe_each(catalogue.list_names(), describe_template, findings),
        tuple(findings),
    )


def _describe_each(
    names: Iterable[str], describe: Callable[[str], str], findings: Findings
) -> dict[str, str | None]:
    descriptions: dict[str, str | None] = dict.fromkeys(names)
    for name in descriptions:
        with findings.collecting():
            descriptions[name] = describe(name)
    return descriptions

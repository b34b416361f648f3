"""Findings as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from pipeline import __version__
from pipeline.checks.check_table import CHECKS
from pipeline.diagnostics import Diagnostic, Location

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
DOCS: Final = Path(__file__).with_name("README.md").as_uri()


def make_sarif_log(found: Sequence[Diagnostic]) -> dict[str, Any]:
    """Return the log of one run, with a rule for each check and for what else was found."""
    codes = list(dict.fromkeys([*CHECKS, *(d.code for d in found)]))
    driver = {
        "name": "brief",
        "semanticVersion": __version__,
        "informationUri": DOCS,
        "rules": [_describe_rule(code) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_describe_result(d, codes.index(d.code)) for d in found],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _describe_rule(code: str) -> dict[str, Any]:
    """Describe a rule (§3.49). What stops content or a template has its sentence in each result."""
    check = CHECKS.get(code)
    summary = check.summary if check else code.replace("-", " ")
    rule: dict[str, Any] = {
        "id": code,
        "shortDescription": {"text": summary[0].upper() + summary[1:] + "."},
        "helpUri": DOCS,
    }
    if check:
        rule["defaultConfiguration"] = {"level": check.severity.value}
        rule["properties"] = {"tags": [check.family]}
    return rule


def _describe_result(found: Diagnostic, rule: int) -> dict[str, Any]:
    """Write a finding (§3.27); its severities are SARIF's levels."""
    text = found.message + (f" ({found.hint})" if found.hint else "")
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": found.severity.value,
        "message": {"text": text},
    }
    if found.at:
        result["locations"] = [{"physicalLocation": _describe_location(found.at)}]
    return result


def _describe_location(at: Location) -> dict[str, Any]:
    """Return the file, from where brief was run, and its line if that is known (§3.29)."""
    path = Path(at.file)
    place: dict[str, Any] = {
        "artifactLocation": {"uri": path.as_uri() if path.is_absolute() else quote(path.as_posix())}
    }
    if at.line:
        place["region"] = {"startLine": at.line} | ({"startColumn": at.column} if at.column else {})
    return place

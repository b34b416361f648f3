"""What a PDF claims to keep, PDF/UA-1 or PDF/A, and the rules of it that are broken.

``page-validation`` has the rules. It is not always installed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipeline.checks.finished_file import FinishedFile
from pipeline.diagnostics import Diagnostic
from pipeline.system.limits import CheckLimits

TO_INSTALL: Final = "pip install 'briefpack[check]'"
_OF_QPDF: Final = "STREAM-LENGTH-001"
"""A rule that is qpdf's: page-validation counts a CR that ends a stream's data as a line's end."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """A standard that a file claims to keep."""

    profile: str
    """Its name in page-validation."""
    code: str
    name: str


def check_standards(file: FinishedFile, metadata: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Check a file against the standards that its metadata claims."""
    claims = _read_claims(metadata)
    if not claims:
        return
    try:
        import page
    except ImportError:
        names = " and ".join(claim.name for claim in claims)
        yield file.report(
            "checker-missing",
            f"the claim to {names} is not checked: page-validation is not here",
            TO_INSTALL,
        )
        return
    profiles = {known.value for known in page.ValidationProfile}
    for claim in claims:
        if claim.profile in profiles:
            yield from _check_claim(file, claim)


def _read_claims(metadata: Mapping[str, Any]) -> Sequence[_Claim]:
    claims: list[_Claim] = []
    if str(metadata.get("pdfuaid:part")) == "1":
        claims.append(_Claim("ua1", "pdf-ua", "PDF/UA-1"))
    if "pdfaid:part" in metadata:
        level = f"{metadata['pdfaid:part']}{metadata.get('pdfaid:conformance', '')}".lower()
        claims.append(_Claim(level, "pdf-a", f"PDF/A-{level}"))
    return claims


def _check_claim(file: FinishedFile, claim: _Claim) -> Iterator[Diagnostic]:
    import page

    try:
        failures = page.validate_pdf(
            file.path, profile=claim.profile, limits=_make_safety_limits(file.limits.checks)
        ).failures
    except page.SafetyLimitError as error:
        yield file.report("boundless-file", f"{claim.name} is not checked: {error}")
    except page.PageError as error:
        yield file.report("damaged-file", f"{claim.name} cannot be checked: {error}")
    else:
        yield from _report_failures(file, claim, failures)


def _make_safety_limits(limits: CheckLimits) -> Any:
    import page

    return page.SafetyLimits(
        max_reference_depth=limits.references, max_decoded_stream_size=limits.stream_bytes
    )


def _report_failures(
    file: FinishedFile, claim: _Claim, failures: Sequence[Any]
) -> Iterator[Diagnostic]:
    """Report each rule once, however often it is broken."""
    rules: dict[str, list[str]] = {}
    for failure in failures:
        rules.setdefault(failure.rule_id, []).append(failure.message)
    for rule, messages in rules.items():
        if not rule.endswith(_OF_QPDF):
            more = f", and {len(messages) - 1} more" if len(messages) > 1 else ""
            yield file.report(claim.code, f"{claim.name}, {rule}: {messages[0]}{more}")

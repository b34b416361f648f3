"""Roles and affiliation, proposed from what stands behind a name."""

from __future__ import annotations

import re

from pipeline.importers.names import is_capital
from pipeline.importers.words import ROLES, SUFFIXES


def divided(descriptor: str) -> tuple[tuple[str, ...], str]:
    """Propose roles and affiliation of a descriptor; nothing where it gives no evidence.

    Evidence for an affiliation is a last part in capitals behind a part that names a position.
    """
    positions = [part.strip() for part in descriptor.rstrip(".").split(";") if part.strip()]
    roles: list[str] = []
    affiliation = ""
    for position in positions:
        parts = [part.strip() for part in re.split(r",\s+(?!Inc\b|Ltd\b|LLC\b)", position)]
        is_former = position.lower().startswith(("former", "ex-", "previously"))
        at = re.fullmatch(r"(.+?)\s+(?:at|for|with)\s+(?:the\s+)?([^\Wa-z\d_].*)", position)
        if len(parts) > 1 and _is_role(parts[0]) and _is_organisation(parts[-1]):
            role, organisation = ", ".join(parts[:-1]), parts[-1]
        elif len(parts) == 1 and at and _is_role(at[1]):
            role, organisation = at[1], at[2]
        elif _is_role(position):
            role, organisation = position, ""
        else:
            return (), ""
        if organisation and not affiliation and not is_former:
            affiliation = organisation
            roles.append(role)
        else:
            roles.append(position)
    return tuple(roles), affiliation


def _is_role(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text)
    if not words:
        return False
    if all(word.lower() in SUFFIXES for word in words):
        return True
    return words[0][0].islower() or any(word.lower() in ROLES for word in words[:2])


def _is_organisation(text: str) -> bool:
    words = text.split()
    return (
        bool(words)
        and is_capital(words[0])
        and words[0].lower() not in ROLES
        and not all(word.lower().replace(".", "") in SUFFIXES for word in words)
    )

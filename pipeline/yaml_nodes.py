"""YAML text to nodes that know their places, within bounds."""

from __future__ import annotations

from typing import Any, Final

import yaml

from pipeline.diagnostics import Location, make_problem

MOST_NESTED: Final = 20
YamlLoader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_yaml(text: str, file: str, first_line: int = 1) -> yaml.Node | None:
    """Read YAML into nodes that know their places.

    Raises Problems: ``yaml-syntax`` with the place of the first syntax error, ``yaml-alias``
    or ``yaml-nested``, which could make much work of a small file.
    """
    try:
        _check_events(text, file, first_line)
        return yaml.compose(text, Loader=YamlLoader)
    except yaml.MarkedYAMLError as error:
        at = locate_mark(error.problem_mark or error.context_mark, file, first_line)
        reason = " ".join(filter(None, [error.context, error.problem]))
        raise make_problem(
            "yaml-syntax",
            f"this is not YAML: {reason}",
            at,
            "text with a colon, a quotation mark or a # in it wants quotes, or a `>-` block",
        ) from None
    except yaml.YAMLError as error:
        raise make_problem("yaml-syntax", f"this is not YAML: {error}", Location(file)) from None


def locate_mark(mark: Any, file: str, first_line: int) -> Location:
    """Return the place of a mark that YAML gives, in its file; the whole file where it has none."""
    return Location(file, mark.line + first_line, mark.column + 1) if mark else Location(file)


def _check_events(text: str, file: str, first_line: int) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=YamlLoader):
        if isinstance(event, yaml.CollectionStartEvent | yaml.AliasEvent):
            at = locate_mark(event.start_mark, file, first_line)
            if isinstance(event, yaml.AliasEvent):
                raise make_problem(
                    "yaml-alias",
                    f"the alias `*{event.anchor}` cannot stand here",
                    at,
                    "write out what it stands for; a text that begins with * wants quotes",
                )
            depth += 1
            if depth > MOST_NESTED:
                raise make_problem(
                    "yaml-nested", f"the YAML is nested more than {MOST_NESTED} deep", at
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1

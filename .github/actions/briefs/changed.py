"""Writes what a build changed, as Markdown for a pull request.

python changed.py REPORT, where REPORT is what `brief build --report json` wrote.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

MOST_ROWS = 100
_NO_CODE = re.compile(r"[`|\\\x00-\x1f\x7f]")
"""What would end a span of code, a cell or a row."""


def told(report: dict[str, Any]) -> str:
    """Give a table of the files that were built, and the numbers of all else."""
    built, kept, left = report["outputs"], report["kept"], report["left"]
    found = report["diagnostics"]
    errors = sum(d["severity"] == "error" for d in found)
    lines = [f"**Briefs:** {len(built)} built, {len(kept)} as they were"]
    if left:
        lines[0] += f", {len(left)} left as they were edited"
    if stopped := report["not_built"]:
        lines[0] += f", {len(stopped)} not built"
    if found:
        lines[0] += f"; {errors} errors, {len(found) - errors} warnings and notes"
    if built:
        lines += ["", "| file | pages | size |", "|---|---:|---:|"]
    for output in built[:MOST_ROWS]:
        size = f"{output['bytes'] / 1000:,.0f} kB"
        lines.append(f"| {_code(output['file'])} | {output['pages'] or '–'} | {size} |")
    if len(built) > MOST_ROWS:
        lines += ["", f"and {len(built) - MOST_ROWS} more"]
    return "\n".join(lines) + "\n"


def _code(name: str) -> str:
    """Write a name as code, whatever a stranger's branch put into it."""
    return "`" + _NO_CODE.sub("_", name) + "`"


if __name__ == "__main__":
    sys.stdout.write(told(json.loads(Path(sys.argv[1]).read_text("utf-8"))))

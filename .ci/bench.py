"""Measures how long builds take, side by side with what else one could use, and writes a table.

    python .ci/bench.py [--articles 50 200] [--runs 5] [--full] [--into README.md]

Every figure is of a whole process with all its children, as the system accounts for it: the median
of several runs, in which the commands that are compared take turns. The articles are made up, of
varied size, and the same each time. The smallest number of them is built with all four templates in
PDF and DOCX, the others with one; with --full, all with all, which takes twenty minutes more.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SUMMARY = ("-t", "policymaker-summary")
OPEN, CLOSE = "<!-- bench -->", "<!-- /bench -->"
WORDS = """network state norm treaty actor incident market law policy standard agency measure
region partner risk trust system service threat response capacity dialogue process mandate forum
member rule duty right harm proof cost value time change open common stable public private shared
joint early local global technical legal civil new old clear hard small large next last other the
of and to in that is for with on as by from at which their these not more than between across
group""".split()


# --- articles that are made up ------------------------------------------------------------


def write_articles(project: Path, number: int) -> None:
    """Write a project of articles, from 900 words to 9,000."""
    chance = random.Random(7)
    (project / "content").mkdir(parents=True)
    (project / "content/house.yaml").write_text(
        "name: House of Words\nwebsite: https://words.example\nlanguage: en-GB\npaper: a4\n"
    )
    for index in range(number):
        folder = project / "content" / f"article-{index:03}"
        folder.mkdir()
        experts = [f"expert{n}" for n in range(chance.randint(3, 6))]
        questions = [f"q{n}" for n in range(1, chance.randint(3, 6) + 1)]
        length = chance.choice((1, 1, 1, 2, 2, 4))
        answers = {(q, e): _answer(chance, length) for q in questions for e in experts}
        (folder / "article.md").write_text(_article(index, questions, experts, answers))
        (folder / "summary.yaml").write_text(_summary(questions, experts, answers))


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(9, 22))).capitalize() + "."


def _answer(chance: random.Random, length: int) -> list[str]:
    return [
        " ".join(_sentence(chance) for _ in range(chance.randint(3, 6)))
        for _ in range(length * chance.randint(1, 2))
    ]


def _article(
    index: int,
    questions: Sequence[str],
    experts: Sequence[str],
    answers: dict[tuple[str, str], list[str]],
) -> str:
    lines = ["---", f"title: Words on words, number {index}", f"short_title: Words {index}"]
    lines += ["date: 2024-05-06", "language: en-GB", "experts:"]
    lines += [f"  {e}: {{name: Ada {e.title()}, affiliation: Institute}}" for e in experts]
    lines += ["---", "", "Experts on words, who were asked in turn."]
    for question in questions:
        lines += ["", f"# What is to be said of {question}? {{#{question}}}"]
        for expert in experts:
            lines += ["", f"## {expert}"]
            for paragraph in answers[question, expert]:
                lines += ["", paragraph]
    return "\n".join(lines) + "\n"


def _summary(
    questions: Sequence[str], experts: Sequence[str], answers: dict[tuple[str, str], list[str]]
) -> str:
    def quote(question: str, expert: str) -> str:
        return " ".join(answers[question, expert][0].split()[:8]).rstrip(".")

    def evidence(question: str, expert: str) -> str:
        return f'[{{answer: {question}.{expert}, quote: "{quote(question, expert)}"}}]'

    first = experts[0]
    lines = ["standfirst: What experts said of words.", "bottom_line:", "  text: Words matter."]
    lines += [f"  evidence: {evidence(questions[0], first)}", "takeaways:"]
    for question in questions[:3]:
        lines += [
            f"  - text: Words of {question} matter.",
            f"    evidence: {evidence(question, first)}",
        ]
    lines += ["question_labels:", *(f"  {q}: Words {q}" for q in questions), "positions:"]
    for question in questions:
        lines.append(f"  {question}:")
        for expert in experts:
            lines.append(f'    {expert}: {{text: For words, quote: "{quote(question, expert)}"}}')
    return "\n".join(lines) + "\n"


# --- measuring ----------------------------------------------------------------------------


@dataclass
class Run:
    """What one run of a command took."""

    wall: float
    cpu: float
    peak: float
    """Of the largest of its processes, in MB."""


Command = Sequence[str | Path]


def run(command: Command, folder: Path, prepare: Callable[[], None] = lambda: None) -> Run:
    """Run a command to its end, with all its children; raises CalledProcessError when it fails."""
    prepare()
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command), stderr=said)
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000)


@dataclass
class Row:
    """A line of the table."""

    what: str
    command: str
    runs: list[Run]

    def cells(self, base: Row | None) -> list[str]:
        """Give the medians, and how many times as long it took as another."""
        wall, cpu, peak = (
            statistics.median(getattr(run, name) for run in self.runs)
            for name in ("wall", "cpu", "peak")
        )
        ratio = "" if base is None else f"{wall / statistics.median(r.wall for r in base.runs):.2f}"
        return [self.what, self.command, f"{wall:.2f}", f"{cpu:.2f}", f"{peak:.0f}", ratio]


class Bench:
    """The table, as it grows."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder, self.times = folder, runs
        self.rows: list[tuple[Row, Row | None]] = []
        self.notes: list[str] = []

    def compare(
        self,
        what: str,
        commands: dict[str, tuple[Command, Path, Callable[[], None]]],
        times: int | None = None,
    ) -> dict[str, Row]:
        """Run commands in turn, after a round that is not counted, each compared with the first."""
        rows = {name: Row(what, name, []) for name in commands}
        times = times or self.times
        for number in range(times + 1 if times > 1 else 1):
            for name, (command, folder, prepare) in commands.items():
                taken = run(command, folder, prepare)
                if number or times == 1:
                    rows[name].runs.append(taken)
        first, *others = rows.values()
        self.rows += [(first, None), *((row, first) for row in others)]
        print(f"{what}: " + ", ".join(f"{n} {r.cells(None)[2]} s" for n, r in rows.items()))
        return rows

    def table(self) -> str:
        """Write the table and the notes as Markdown."""
        cpu = platform.processor() or platform.machine()
        lines = [
            f"Python {platform.python_version()}, {platform.system()}, {cpu}, "
            f"{os.cpu_count()} cores; medians of whole processes.",
            "",
            "| what | command | wall, s | CPU, s | peak, MB | ratio |",
            "|---|---|---:|---:|---:|---:|",
            *(f"| {' | '.join(row.cells(base))} |" for row, base in self.rows),
            "",
            *(f"- {note}" for note in self.notes),
        ]
        return "\n".join(lines) + "\n"


# --- what is measured ---------------------------------------------------------------------


def brief(*words: str | Path) -> Command:
    """Give the command that builds."""
    return [BIN / "brief", "build", *words]


def one_article(bench: Bench) -> None:
    """Measure the shipped article: nothing to do, one PDF, one DOCX, the pack."""
    project = bench.folder / "one"
    shutil.copytree(ROOT / "content", project / "content")
    (article,) = (path.parent for path in project.glob("content/*/article.md"))
    out = project / "out"

    def anew() -> None:
        shutil.rmtree(out, ignore_errors=True)

    run(brief("--out", "kept"), project)
    run(brief(*SUMMARY, "-f", "html", "--out", "html"), project)
    (html,) = project.glob("html/*/*.html")
    nothing = {"brief build": (brief("--out", "kept"), project, lambda: None)}
    bench.compare("nothing to do, 4 templates × 2 formats", nothing)
    bench.compare(
        "one PDF, cold",
        {
            "brief build": (brief(*SUMMARY, "-f", "pdf"), project, anew),
            "weasyprint, of the same HTML": ([BIN / "weasyprint", html, "x.pdf"], project, anew),
            **pandoc_pdf(project, article / "article.md"),
            **libreoffice(project, article / "article.md"),
        },
    )
    if pandoc := _pandoc():
        bench.compare(
            "one DOCX, cold",
            {
                "brief build": (brief(*SUMMARY, "-f", "docx"), project, anew),
                "pandoc": ([pandoc, article / "article.md", "-o", "x.docx"], project, anew),
            },
        )
    pack = ("-t", "briefing-pack")
    bench.compare(
        "the pack, PDF and DOCX, cold",
        {f"brief build -j {n}": (brief(*pack, "-j", n), project, anew) for n in "12"},
    )


def _pandoc() -> str | None:
    if find_spec("pypandoc") is None:
        return None
    import pypandoc

    with suppress(OSError):
        return str(pypandoc.get_pandoc_path())
    return None


def pandoc_pdf(project: Path, article: Path) -> dict[str, tuple[Command, Path, Callable[[], None]]]:
    """Give the ways from Markdown to PDF through pandoc that there are here."""
    pandoc = _pandoc()
    if not pandoc:
        return {}
    through = f"{pandoc} -s {article} -o x.html && {BIN / 'weasyprint'} -q x.html x.pdf"
    ways: dict[str, tuple[Command, Path, Callable[[], None]]] = {}
    ways["pandoc, weasyprint"] = (["sh", "-c", through], project, lambda: None)
    if find_spec("typst"):
        compile_it = f'{sys.executable} -c \'import typst; typst.compile("x.typ", output="x.pdf")\''
        through = f"{pandoc} -s {article} -t typst -o x.typ && {compile_it}"
        ways["pandoc, Typst"] = (["sh", "-c", through], project, lambda: None)
    return ways


def libreoffice(
    project: Path, article: Path
) -> dict[str, tuple[Command, Path, Callable[[], None]]]:
    """Give the way through a Word template that LibreOffice makes a PDF of, if it is here."""
    office = shutil.which("soffice")
    if not office or find_spec("docxtpl") is None:
        return {}
    import docx

    template = docx.Document()
    for line in ("{%p for line in lines %}", "{{ line }}", "{%p endfor %}"):
        template.add_paragraph(line)
    template.save(str(project / "template.docx"))
    fill = (
        "import docxtpl; t = docxtpl.DocxTemplate('template.docx'); "
        f"t.render({{'lines': open('{article}').read().split(chr(10))}}); t.save('x.docx')"
    )
    through = f'{sys.executable} -c "{fill}" && {office} --headless --convert-to pdf x.docx'
    return {"docxtpl, LibreOffice": (["sh", "-c", through], project, lambda: None)}


def many_articles(bench: Bench, number: int, is_full: bool) -> None:
    """Measure many articles: with one job and two, nothing to do, one line edited."""
    project = bench.folder / f"many-{number}"
    write_articles(project, number)
    order = () if is_full else SUMMARY
    what = f"{number} articles × {'4 templates' if is_full else 'policymaker-summary'} × 2 formats"

    def anew() -> None:
        shutil.rmtree(project / "out", ignore_errors=True)

    rows = bench.compare(
        what,
        {f"brief build -j {n}": (brief(*order, "-j", n), project, anew) for n in "12"},
        times=1,
    )
    edited = project / "content/article-001/article.md"

    def edit() -> None:
        text = edited.read_text()
        edited.write_text(text.replace("Experts on ", "Experts on more ", 1))

    again = {"brief build": (brief(*order), project, lambda: None)}
    (nothing,) = bench.compare(f"{what}: nothing to do", again).values()
    one = {"brief build": (brief(*order), project, edit)}
    bench.compare(f"{what}: one line edited", one)
    full = min(statistics.median(r.wall for r in row.runs) for row in rows.values())
    share = statistics.median(r.wall for r in nothing.runs) / full
    bench.notes.append(f"{what}: nothing to do takes {share:.1%} of the faster full build.")


def account(bench: Bench) -> None:
    """Measure what the account of words takes of a build of one article's words and pages.

    The account is timed within a build, for a whole process is too coarse for it: the share is
    that of the processor's time which the same process took from its start to the last file.
    """
    project = bench.folder / "one"
    shares: list[float] = []
    spent: list[float] = []
    for _ in range(bench.times):
        shutil.rmtree(project / "out", ignore_errors=True)
        told = subprocess.run(
            [sys.executable, "-c", ACCOUNT], cwd=project, check=True, capture_output=True, text=True
        )
        lacking, whole = map(float, told.stdout.split()[-2:])
        spent.append(lacking * 1000)
        shares.append(lacking / whole)
    bench.notes.append(
        f"the account of words of 4 templates takes {statistics.median(spent):.1f} ms, "
        f"{statistics.median(shares):.2%} of their build in PDF and DOCX with one job."
    )


ACCOUNT = """\
import time
from pathlib import Path
from pipeline import Project
from pipeline.build import compose_brief

spent = 0.0
find_lacking_words = compose_brief.find_lacking_words

def timed(*given, **named):
    global spent
    began = time.process_time()
    found = find_lacking_words(*given, **named)
    spent += time.process_time() - began
    return found

compose_brief.find_lacking_words = timed
Project(Path()).build(jobs=1)
print(spent, time.process_time())
"""


def memory(bench: Bench, number: int) -> None:
    """Watch what two workers hold, from their tenth brief to the last."""
    project = bench.folder / f"many-{number}"
    shutil.rmtree(project / "out", ignore_errors=True)
    process = subprocess.Popen(
        [*map(str, brief(*SUMMARY, "-j", "2"))],
        cwd=project,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    held: list[float] = []
    for line in process.stderr:
        if match := re.match(r"\[(\d+)/", line):
            now = [_resident(child) for child in _children(process.pid)]
            if int(match[1]) >= 20 and now:
                held.append(max(now))
    process.wait()
    if held:
        bench.notes.append(
            f"{number} articles, two workers: the larger holds {held[0]:.0f} MB after its tenth "
            f"brief and at most {max(held):.0f} MB until the end ({max(held) / held[0]:.2f} ×)."
        )


def _children(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return []


def _resident(pid: str) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1000
    return 0.0


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, nargs="+", default=[50, 200])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--into", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="brief-bench-") as folder:
        bench = Bench(Path(folder), given.runs)
        one_article(bench)
        account(bench)
        for number in given.articles:
            many_articles(bench, number, given.full or number == min(given.articles))
        memory(bench, min(given.articles))
    table = bench.table()
    print(f"\n{table}")
    if given.into:
        before, _, rest = given.into.read_text("utf-8").partition(OPEN)
        after = rest.partition(CLOSE)[2]
        given.into.write_text(f"{before}{OPEN}\n{table}{CLOSE}{after}", "utf-8")


if __name__ == "__main__":
    main()

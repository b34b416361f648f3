"""Which files are still what a build would make: decided from the manifests and from hashes.

A file is fresh when it is there as it was written, when it was asked for in the same way, and
when everything that it was made from is as it was: files by their content, packages and libraries
by their versions. One that a person changed, and that would otherwise be fresh, is left. What was
looked for and not there counts as well: a template that would now be found first makes a brief
stale. Nothing that reads, prints or sets a brief is imported here.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.diagnostics import Diagnostic
from pipeline.outputs import manifest
from pipeline.outputs.manifest import ManifestEntry
from pipeline.outputs.replacement import EditedFile, find_edited
from pipeline.project import layout
from pipeline.request import BuildResult, Request
from pipeline.system import versions


@dataclass(frozen=True, slots=True)
class BuildState:
    """How a request stands before anything is built."""

    whole: frozenset[tuple[str, str]] = frozenset()
    """The articles, as published, and templates with which nothing is to be done."""
    settled: frozenset[tuple[str, str, str, str]] = frozenset()
    """The article, template, part and format of each file that is fresh, or edited and left."""
    files: tuple[Path, ...] = ()
    """The files that are fresh."""
    left: tuple[EditedFile, ...] = ()
    """The files that were edited, of which a build would make what it made before."""
    warnings: tuple[Diagnostic, ...] = ()
    """What was found when all of these were made."""
    to_do: int = 1
    """Of how many articles and templates something is to be built."""

    @property
    def is_done(self) -> bool:
        """Whether there is nothing to do."""
        return self.to_do == 0

    @property
    def result(self) -> BuildResult:
        """What a build returns that has nothing to do."""
        return BuildResult(
            kept=tuple(map(str, sorted(self.files))),
            left=tuple(str(edited.path) for edited in self.left),
            diagnostics=(*self.warnings, *(edited.report() for edited in self.left)),
        )


def check_freshness(request: Request) -> BuildState:
    """Return how the files of a request stand; the request was validated."""
    checker = FreshnessChecker(request.project)
    whole: set[tuple[str, str]] = set()
    files = _SettledFiles()
    articles = request.articles or layout.list_articles(request.project)
    templates = request.templates or layout.list_templates(request.project)
    for article in map(request.to_published_name, dict.fromkeys(articles)):
        listed = manifest.read_manifest(request.out / article)
        for template in dict.fromkeys(templates):
            is_whole = files.add_template(checker, request, article, template, listed.outputs)
            if not is_whole and not (request.articles or request.templates):
                omitted = _find_left_out(checker, request, template, listed.left_out)
                is_whole = omitted is not None
                files.warnings.update(dict.fromkeys(omitted or ()))
            if is_whole:
                whole.add((article, template))
    to_do = len(set(articles)) * len(set(templates)) - len(whole)
    return BuildState(
        frozenset(whole),
        frozenset(files.settled),
        tuple(files.fresh),
        tuple(sorted(files.left)),
        tuple(files.warnings),
        max(to_do, 0 if files.settled else 1),  # a request of which nothing can be made is an error
    )


@dataclass(slots=True)
class _SettledFiles:
    """The files with which nothing is to be done."""

    settled: set[tuple[str, str, str, str]] = field(default_factory=set)
    fresh: list[Path] = field(default_factory=list)
    left: set[EditedFile] = field(default_factory=set)
    warnings: dict[Diagnostic, None] = field(default_factory=dict)

    def add_template(
        self,
        checker: FreshnessChecker,
        request: Request,
        article: str,
        template: str,
        outputs: Sequence[ManifestEntry],
    ) -> bool:
        """Add the files of an article in a template; return whether these are all."""
        folder = request.out / article
        is_whole = True
        for format in request.formats:
            requested = request.list_options(format)
            found: list[ManifestEntry] = []
            for entry in outputs:
                if entry["template"] != template:
                    continue
                if not manifest.is_requested(entry, format, requested):
                    continue
                left = checker.find_left(entry, folder, outputs)
                if left is None or (left and request.force):
                    continue
                found.append(entry)
                self.settled.add((article, template, entry.get("part", ""), format))
                self._add_file(entry, folder, left)
            is_whole = is_whole and _is_complete(found)
        return is_whole

    def _add_file(self, entry: ManifestEntry, folder: Path, left: frozenset[EditedFile]) -> None:
        if folder / entry["file"] not in {edited.path for edited in left}:
            self.fresh.append(folder / entry["file"])
        self.left |= left
        self.warnings.update(dict.fromkeys(manifest.load_findings(entry)))


def _is_complete(entries: Sequence[ManifestEntry]) -> bool:
    """Return whether all parts that one was made with are there, with all that was found."""
    there = {entry.get("part", "") for entry in entries}
    return any(there >= set(entry.get("parts", [""])) for entry in entries) and not any(
        entry.get("read_again") for entry in entries
    )


def _find_left_out(
    checker: FreshnessChecker, request: Request, template: str, left_out: Iterable[ManifestEntry]
) -> list[Diagnostic] | None:
    """Return what was reported when a template was left out, if it would be again."""
    for entry in left_out:
        if (entry["template"], entry.get("asked", {})) == (template, request.list_options("")) and (
            checker.is_unchanged(entry) and not entry.get("read_again")
        ):
            return manifest.load_findings(entry)
    return None


class FreshnessChecker:
    """Compares what manifests say with what is there; each file is hashed once."""

    def __init__(self, folder: Path) -> None:
        """Look in the project in a folder."""
        self._files = layout.FileHashes(folder)

    def find_left(
        self, entry: ManifestEntry, folder: Path, outputs: Sequence[ManifestEntry]
    ) -> frozenset[EditedFile] | None:
        """Return what a person changed where a build would make the same again, if anything.

        None when a build has something to do: ``outputs`` is what the folder's manifest lists.
        """
        if not self.is_unchanged(entry):
            return None
        if self.is_as_written(entry, folder):
            return frozenset()
        left = frozenset(find_edited(folder, outputs, entry))
        is_rest_written = self.is_as_written(entry, folder, {edited.path for edited in left})
        return left if is_rest_written else None

    def is_unchanged(self, entry: ManifestEntry) -> bool:
        """Return whether all that an entry was made from is as it was."""
        try:
            manifest.load_findings(entry)  # they could not be reported again otherwise
            return not any(self.list_changes(entry))
        except (AttributeError, KeyError, TypeError, ValueError):  # somebody wrote into it
            return False

    def list_changes(self, entry: ManifestEntry) -> Iterator[tuple[str, str]]:
        """Yield what has changed since a file was made: of what kind it is, and its name.

        Raises an error of its own when an entry makes no sense.
        """
        if not manifest.is_current(entry):
            yield "edition", f"an earlier one, of schema {entry['schema']}"
        for name, digest in entry["inputs"].items():
            if self._files.get_hash(name) != digest:
                yield _classify_input(name), name
        packages = entry["packages"]
        changes = _list_differences(packages, versions.read_package_versions(packages))
        yield from (("package", change) for change in changes)
        libraries = _list_differences(entry["libraries"], versions.read_library_versions())
        yield from (("library", change) for change in libraries)
        if entry["program"] != versions.hash_program():
            yield "package", "briefpack: its own files"

    @staticmethod
    def is_as_written(entry: ManifestEntry, folder: Path, left: Container[Path] = ()) -> bool:
        """Return whether a file and its quote ledger, those left aside, have the bytes written."""
        try:
            written = {folder / entry[name]: entry[digest] for name, digest in manifest.FILES}
            return all(
                path in left or (path.is_file() and layout.hash_file(path) == digest)
                for path, digest in written.items()
            )
        except OSError:
            return False


def _classify_input(name: str) -> str:
    """Return what an input is: ``template``, ``font`` or, of the content, ``input``."""
    return {"templates": "template", "fonts": "font"}.get(name.partition("/")[0], "input")


def _list_differences(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(then.keys() | now.keys()):
        if then.get(name, "") != now.get(name, ""):
            yield f"{name} {then.get(name) or 'none'} → {now.get(name) or 'none'}"

"""What a program does with a project; the commands do it through this class as well.

Each stage is imported when it is asked for: importing this module costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from pipeline.request import BuildOptions, BuildResult, Progress, Request, ignore_progress
from pipeline.system.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from pipeline.build.listing import Listing
    from pipeline.build.verify import VerifyResult
    from pipeline.checks.check_steps import CheckResult
    from pipeline.checks.check_table import Family
    from pipeline.diagnostics import Findings
    from pipeline.importers import importing
    from pipeline.importers.asking import Query
    from pipeline.importers.source import Format
    from pipeline.outputs.status import FileStatus
    from pipeline.review.pull.pull_steps import PullResult
    from pipeline.review.redline.block_writer import Signature


@dataclass(frozen=True, slots=True)
class Project:
    """A project in a folder: the one that holds content/.

    Every method raises Problems with all that is wrong, each with its place, and UsageError for a
    name that does not exist. No method starts a process that it was not asked for: ``build``
    and ``verify`` do with ``jobs`` above 1, ``check`` reads each finished file in one of its own.
    """

    folder: Path = field(default_factory=Path.cwd)
    limits: Limits = DEFAULT_LIMITS
    """How much what it does may take; an import has bounds of its own."""

    def list(self) -> Listing:
        """Return the articles and templates that there are, each with what it is."""
        from pipeline.build.listing import list_project

        return list_project(self.folder)

    def build(
        self, progress: Progress = ignore_progress, **options: Unpack[BuildOptions]
    ) -> BuildResult:
        """Build what is not fresh into ``out`` (default: out/ in the project).

        Return what was written, what was fresh, what was edited and left, and what was found.
        """
        from pipeline.build import build_steps

        return build_steps.run(self._make_request(options), progress)

    def survey(
        self, *, required: bool = False, **options: Unpack[BuildOptions]
    ) -> tuple[FileStatus, ...]:
        """Return how each file of ``out`` stands: fresh, stale, edited, missing or unknown.

        If they are ``required``, raise UsageError where nothing was built at all.
        """
        from pipeline.outputs.status import survey_outputs

        return survey_outputs(self._make_request(options), required=required)

    def verify(
        self,
        files: Sequence[str] = (),
        progress: Progress = ignore_progress,
        **options: Unpack[BuildOptions],
    ) -> VerifyResult:
        """Build files again in memory, all that are listed if none is named, and compare."""
        from pipeline.build.verify import verify_files

        return verify_files(self._make_request(options), files, progress)

    def check(
        self,
        names: Sequence[str] = (),
        progress: Progress = ignore_progress,
        *,
        templates: Sequence[str] = (),
        families: Sequence[Family] = (),
    ) -> CheckResult:
        """Check articles by their ids, finished files by their paths; all articles without names.

        Return what was found; nothing is written.
        """
        from pipeline.checks import check_steps

        request = check_steps.CheckRequest(
            project=self.folder,
            names=tuple(names),
            templates=tuple(templates),
            families=tuple(families),
            limits=self.limits,
        )
        return check_steps.run(request, progress)

    def import_article(
        self,
        source: str,
        stdin: BinaryIO | None = None,
        ask: Callable[[Query], str] | None = None,
        *,
        slug: str = "",
        format: Format | None = None,
        accept: bool = False,
        update: bool = False,
    ) -> importing.Result:
        """Import a published text, by its path, or ``-`` with ``stdin``, as an article.

        ``ask`` answers what the text leaves open; without it, the result waits for an answer.
        """
        from pipeline.importers import importing

        merge = None
        if update:
            from pipeline.review.pull.conflict_markers import merge_import

            merge = merge_import
        request = importing.Order(
            project=self.folder,
            source=source,
            slug=slug,
            format=format,
            accept=accept,
            update=update,
            merge=merge,
        )
        return importing.run(request, stdin, ask)

    def pull(
        self,
        files: Sequence[Path],
        progress: Progress = ignore_progress,
        *,
        author: str = "",
        revision: str = "",
        suggest: bool = False,
    ) -> PullResult:
        """Return what edited DOCX files change in the content; nothing is written yet."""
        from pipeline.review.pull import pull_steps

        request = pull_steps.PullRequest(
            project=self.folder,
            files=tuple(files),
            author=author,
            revision=revision,
            suggest=suggest,
            limits=self.limits,
        )
        return pull_steps.run(request, progress)

    def apply(self, result: PullResult, *, force: bool = False) -> None:
        """Write what was pulled; over changes that git does not have only with ``force``."""
        from pipeline.review.pull import pull_steps

        pull_steps.apply_pull(self.folder, result, force=force)

    def redline(
        self,
        old: str,
        new: str,
        out: Path,
        signed: Signature,
        *,
        template: str = "",
        format: str = "docx",
        findings: Findings | None = None,
    ) -> Path:
        """Write the newer of two editions with its changes to ``out``; return that.

        What changed and cannot be tracked is a warning in ``findings``.
        """
        from pipeline.review.redline import redline_steps

        request = redline_steps.RedlineRequest(
            project=self.folder,
            old=old,
            new=new,
            template=template,
            signed=signed,
            format=format,
            out=out,
            limits=self.limits,
        )
        return redline_steps.run(request, findings=findings)

    def _make_request(self, options: BuildOptions) -> Request:
        given: BuildOptions = {"out": self.folder / "out", "limits": self.limits, **options}
        return Request(project=self.folder, **given)

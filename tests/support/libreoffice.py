"""Asks LibreOffice what becomes of Word files: pages, contents, the files themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape

import pyphen  # type: ignore[import-untyped]

SOFFICE = shutil.which("soffice")
_PATTERNS = """<item oor:path="/org.openoffice.Office.Linguistic/ServiceManager/Dictionaries">
<node oor:name="English" oor:op="replace">
<prop oor:name="Locations"><value><it>{}</it></value></prop>
<prop oor:name="Format"><value>DICT_HYPH</value></prop>
<prop oor:name="Locales"><value><it>en-GB</it><it>en-US</it></value></prop>
</node></item>
</oor:items>"""
_FONTS = ("fontpkg_spectral", "fontpkg_barlow")
_MODULE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE script:module PUBLIC '
    '"-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">\n'
    '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" '
    'script:language="StarBasic">{}</script:module>\n'
)
_MACRO = """
Sub Lay(folder)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  Dim pdf(0) As New com.sun.star.beans.PropertyValue
  Dim word(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  pdf(0).Name = "FilterName" : pdf(0).Value = "writer_pdf_Export"
  word(0).Name = "FilterName" : word(0).Value = "MS Word 2007 XML"
  name = Dir(folder & "/*.docx")
  Do While name <> ""
    stem = ConvertToURL(folder & "/" & Left(name, Len(name) - 5))
    doc = StarDesktop.loadComponentFromURL(stem & ".docx", "_blank", 0, hidden())
    doc.storeToURL(stem & ".lo.pdf", pdf())
    file = FreeFile
    Open folder & "/" & Left(name, Len(name) - 5) & ".lo.txt" For Output As #file
    For number = 0 To doc.DocumentIndexes.Count - 1
      doc.DocumentIndexes.getByIndex(number).update()
      Print #file, doc.DocumentIndexes.getByIndex(number).Anchor.String
    Next
    Close #file
    doc.storeToURL(stem & ".lo", word())
    doc.close(True)
    name = Dir
  Loop
  StarDesktop.terminate()
End Sub
"""


_SETTLE = """
Sub Settle(folder, how)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  Dim plain(1) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  plain(0).Name = "FilterName" : plain(0).Value = "Text (encoded)"
  plain(1).Name = "FilterOptions" : plain(1).Value = "UTF8"
  dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
  name = Dir(folder & "/*.docx")
  Do While name <> ""
    url = ConvertToURL(folder & "/" & name)
    doc = StarDesktop.loadComponentFromURL(url, "_blank", 0, hidden())
    command = ".uno:" & how & "AllTrackedChanges"
    dispatcher.executeDispatch(doc.CurrentController.Frame, command, "", 0, Array())
    doc.TextFields.refresh()
    doc.storeToURL(url & ".txt", plain())
    doc.close(True)
    name = Dir
  Loop
  StarDesktop.terminate()
End Sub
"""


@dataclass(frozen=True)
class Laid:
    """What LibreOffice makes of a Word file."""

    pdf: Path
    """Its pages, before anything was updated."""
    contents: tuple[tuple[str, int], ...]
    """The lines of its contents, updated: words and page."""
    saved: Path
    """The file, opened and saved as DOCX, with its contents updated."""


def lay_out_files(folder: Path) -> Mapping[str, Laid]:
    """Lay out the Word files of a folder; files are left beside them. Return them by their stem."""
    _run_macro(folder, _MACRO, f'Lay("{folder}")')
    return {path.stem: _laid(path.with_suffix("")) for path in sorted(folder.glob("*.docx"))}


def settle_files(folder: Path, *, accepts: bool) -> Mapping[str, str]:
    """Accept or reject all changes of the Word files of a folder; return the words that are left.

    By the files' stem.
    """
    how = "Accept" if accepts else "Reject"
    _run_macro(folder, _SETTLE, f'Settle("{folder}","{how}")')
    return {
        path.name.removesuffix(".docx.txt"): path.read_text("utf-8-sig")
        for path in sorted(folder.glob("*.docx.txt"))
    }


def _run_macro(folder: Path, macro: str, call: str) -> None:
    profile = folder / "profile"
    _start(folder, profile, "--terminate_after_init")  # makes the profile, with an empty module
    _give_patterns(profile)
    module = profile / "user" / "basic" / "Standard" / "Module1.xba"
    module.write_text(_MODULE.format(escape(macro)), "utf-8")
    _start(folder, profile, f"macro:///Standard.Module1.{call}")


def _give_patterns(profile: Path) -> None:
    """Have it break words by the patterns that break them in a PDF: a machine may have none."""
    settings = profile / "user" / "registrymodifications.xcu"
    patterns = Path(pyphen.LANGUAGES["en_US"]).as_uri()
    settings.write_text(
        settings.read_text("utf-8").replace("</oor:items>", _PATTERNS.format(patterns)), "utf-8"
    )


def _start(folder: Path, profile: Path, argument: str) -> None:
    subprocess.run(
        [str(SOFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless", argument],
        env={**os.environ, "FONTCONFIG_FILE": str(_fonts(folder))},
        check=True,
        capture_output=True,
        timeout=240,
    )


def _laid(stem: Path) -> Laid:
    text = stem.with_name(f"{stem.name}.lo.txt").read_text("utf-8")
    lines = [line.rpartition("\t") for line in text.splitlines() if "\t" in line]
    return Laid(
        stem.with_name(f"{stem.name}.lo.pdf"),
        tuple((words, int(page)) for words, _, page in lines),
        stem.with_name(f"{stem.name}.lo"),
    )


def _fonts(folder: Path) -> Path:
    """Let it find the theme's faces, which no system has."""
    found = [Path(str(spec.origin)).parent for name in _FONTS if (spec := find_spec(name))]
    config = folder / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        + "".join(f"<dir>{path}</dir>" for path in found)
        + f"<cachedir>{folder / 'fonts'}</cachedir></fontconfig>"
    )
    return config


def save_as_docx(folder: Path, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Open files in LibreOffice and save them as DOCX, all in one call."""
    given, saved = folder / "given", folder / "saved"
    given.mkdir()
    for name, data in files.items():
        (given / f"{name}.docx").write_bytes(data)
    subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            str(saved),
            *map(str, sorted(given.iterdir())),
        ],
        check=True,
        capture_output=True,
        timeout=600,
    )
    return {name: (saved / f"{name}.docx").read_bytes() for name in files}

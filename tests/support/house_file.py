"""A house's Word template, made up part by part."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image as Picture

from pipeline.project import file_names
from tests.support.command import brief
from tests.support.docx_file import WordFile

_NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

LOGO = """\
<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">
<wp:extent cx="914400" cy="457200"/><wp:docPr id="900" name="Logo" descr="The house"/>
<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">
<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture">
<pic:nvPicPr><pic:cNvPr id="900" name="Logo"/><pic:cNvPicPr/></pic:nvPicPr>
<pic:blipFill><a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="914400" cy="457200"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>
</wp:inline></w:drawing>"""

HEADER = f"<w:p><w:pPr><w:pStyle w:val='Kopfzeile'/></w:pPr><w:r>{LOGO}</w:r></w:p>"
NAMED_HEADER = f"<w:p><w:r>{LOGO}</w:r><w:r><w:t>The House</w:t></w:r></w:p>"
FOOTER = (
    "<w:p><w:r><w:t xml:space='preserve'>The House, page </w:t></w:r>"
    "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> PA</w:instrText></w:r>"
    "<w:r><w:instrText>GE </w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>"
    "<w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>"
)


def style(kind: str, id: str, name: str, properties: str = "", default: bool = False) -> str:
    mark = ' w:default="1"' if default else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{id}"{mark}><w:name w:val="{name}"/>'
        f"{properties}</w:style>"
    )


RED = "<w:rPr><w:color w:val='C00000'/><w:sz w:val='40'/></w:rPr>"
STYLES = (
    style("paragraph", "Standard", "Normal", "<w:rPr><w:sz w:val='22'/></w:rPr>", default=True),
    style("character", "AbsatzStandard", "Default Paragraph Font", default=True),
    style("table", "NormaleTabelle", "Normal Table", default=True),
    style("paragraph", "Titel", "Title", f"<w:basedOn w:val='Standard'/>{RED}"),
    style("paragraph", "berschrift1", "heading 1", RED),
    style("paragraph", "Textkrper", "Body Text", "<w:basedOn w:val='Standard'/>"),
    style("paragraph", "Vorspann", "Abstract", "<w:rPr><w:i/></w:rPr>"),
    style("paragraph", "Kopfzeile", "header"),
    style("paragraph", "Number", "Phone Number", "<w:rPr><w:b/></w:rPr>"),
    style(
        "paragraph",
        "Liste",
        "List Bullet",
        "<w:pPr><w:numPr><w:numId w:val='7'/></w:numPr></w:pPr>",
    ),
    style("character", "Fett", "Strong", "<w:rPr><w:b/></w:rPr>"),
)


def relations(*links: tuple[str, str, str]) -> str:
    """Write relations: id, kind and target; one with `://` leads out of the file."""
    inner = ""
    for id, kind, target in links:
        outside = ' TargetMode="External"' if "://" in target else ""
        inner += f'<Relationship Id="{id}" Type="{_OFFICE}/{kind}" Target="{target}"{outside}/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def make_picture() -> bytes:
    buffer = io.BytesIO()
    Picture.new("RGB", (20, 10), "#C00000").save(buffer, "PNG")
    return buffer.getvalue()


def page(**changed: object) -> str:
    """Write a page's measures: A5 with sensible margins, but for what is changed."""
    given = {"w": 8391, "h": 11906, "top": 1701, "right": 1021, "bottom": 1134, "left": 1021,
             "header": 567, "footer": 567, "gutter": 0, **changed}  # fmt: skip
    size, margins = (
        " ".join(f'w:{name}="{given[name]}"' for name in given if (name in ("w", "h")) is of_size)
        for of_size in (True, False)
    )
    return f"<w:pgSz {size}/><w:pgMar {margins}/>"


def make_parts(
    *,
    header: str = HEADER,
    footer: str = FOOTER,
    header_links: tuple[tuple[str, str, str], ...] = (("rId1", "image", "media/logo.png"),),
    styles: tuple[str, ...] = STYLES,
    kind: str = "template",
    section: str = "",
    settings: str = "",
) -> dict[str, str | bytes]:
    """Return the parts of a template: A5 paper, a logo at the head, a folio at the foot."""
    section = section or (
        '<w:headerReference w:type="default" r:id="rId3"/>'
        f'<w:footerReference w:type="default" r:id="rId4"/>{page()}'
    )
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{_KIND}.{type}+xml"/>'
        for part, type in (
            ("word/document.xml", f"{kind}.main"),
            ("word/styles.xml", "styles"),
            ("word/settings.xml", "settings"),
            ("word/header1.xml", "header"),
            ("word/footer1.xml", "footer"),
        )
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="png" ContentType="image/png"/>{overrides}</Types>',
        "_rels/.rels": relations(("rId1", "officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": relations(
            ("rId1", "styles", "styles.xml"),
            ("rId2", "settings", "settings.xml"),
            ("rId3", "header", "header1.xml"),
            ("rId4", "footer", "footer1.xml"),
        ),
        "word/document.xml": f"<w:document {_NS}><w:body><w:p><w:r><w:t>Sample words</w:t></w:r>"
        f"</w:p><w:sectPr>{section}</w:sectPr></w:body></w:document>",
        "word/styles.xml": f"<w:styles {_NS}><w:docDefaults><w:rPrDefault><w:rPr>"
        '<w:rFonts w:ascii="Carlito" w:hAnsi="Carlito"/></w:rPr></w:rPrDefault></w:docDefaults>'
        f"{''.join(styles)}</w:styles>",
        "word/settings.xml": f"<w:settings {_NS}>{settings}</w:settings>",
        "word/header1.xml": f"<w:hdr {_NS}>{header}</w:hdr>",
        "word/_rels/header1.xml.rels": relations(*header_links),
        "word/footer1.xml": f"<w:ftr {_NS}>{footer}</w:ftr>",
        "word/media/logo.png": make_picture(),
    }


def write_house_file(path: Path, files: dict[str, str | bytes] | None = None) -> Path:
    """Write a template's file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in (files or make_parts()).items():
            package.writestr(name, data)
    return path


def add_part(kind: str, xml: str) -> dict[str, str | bytes]:
    """Return a template with one more part of the document."""
    files = make_parts()
    links = str(files["word/_rels/document.xml.rels"]).removesuffix("</Relationships>")
    files["word/_rels/document.xml.rels"] = (
        links + relations(("rId9", kind, "more.xml")).partition(">")[2]
    )
    return {**files, "word/more.xml": xml}


def build_house_docx(project: Path, *options: str, out: str = "out") -> tuple[WordFile, str]:
    arguments = ("build", "-f", "docx", "-t", "per-question", "--out", out)
    result = brief(project, *arguments, *options)
    assert result.exit_code == 0, result.output
    given = dict(zip(options[::2], options[1::2], strict=True))
    named: dict[str, Any] = {"marking": given.get("--marking", "")}
    if "--reference-docx" in given:
        named["reference_docx"] = {"file": given["--reference-docx"]}
    path = project / out / "words" / file_names.name_file("words-per-question", named, "docx")
    return WordFile(path.read_bytes()), result.output

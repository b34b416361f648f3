"""The metadata of a PDF: the XMP packet (ISO 16684-1), the same as the information dictionary.

- The packet is one RDF, plain text, and holds every standard's identification
  (ISO 19005-2 §6.6.2 and §6.6.4, ISO 14289-1 §5; ISO 15930-7, clause 6).
- PDF/A knows no PDF/UA: the packet describes that schema (ISO 19005-2 §6.6.2.3).
- Every date is the edition's; the document's id is made of its words. A brief without a date
  that needs one has the earliest that any of our files can have.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from pipeline.document.tree import Document, to_json
from pipeline.render.engine import pydyf
from pipeline.render.finish.pdf_objects import PDF, add_object

_NAMESPACES: Final = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}

_PDFA_AND_UA: Final = f"""\
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{_NAMESPACES["pdfuaid"]}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
"""


def claim_pdfa_and_ua(part: int) -> str:
    """Claim a part of ISO 19005, at level A, and PDF/UA-1."""
    return f"<pdfaid:part>{part}</pdfaid:part>\n{_PDFA_AND_UA}"


PDFX: Final = """\
<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>
<pdf:Trapped>False</pdf:Trapped>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
<xmpMM:VersionID>1</xmpMM:VersionID>
"""


def write_metadata(pdf: PDF, document: Document, standards: str, profile: str) -> None:
    """Write the packet in place of WeasyPrint's, and the publisher into the dictionary.

    ``standards`` is what ``claim_pdfa_and_ua`` gives, or ``PDFX``.
    """
    if document.meta.publisher:
        pdf.info["Publisher"] = pydyf.String(document.meta.publisher)
    producer = pdf.info["Producer"].string
    packet = pydyf.Stream(
        [_write_packet(document, standards, producer, profile).encode()],
        pydyf.Dictionary({"Type": "/Metadata", "Subtype": "/XML"}),
    )
    pdf.catalog["Metadata"] = add_object(pdf, packet)


def _write_packet(document: Document, standards: str, producer: str, profile: str) -> str:
    meta = document.meta
    identity = uuid5(NAMESPACE_URL, f"{profile}\n{to_json(document)}")
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    elements = [
        _write_element("dc:format", "application/pdf"),
        _write_default_language("dc:title", meta.title),
        _write_list("dc:creator", "Seq", meta.authors),
        _write_default_language("dc:description", meta.subject),
        _write_list("dc:subject", "Bag", meta.keywords),
        _write_list("dc:publisher", "Bag", filter(None, [meta.publisher])),
        _write_list("dc:language", "Bag", [meta.language]),
        _write_element("pdf:Keywords", ", ".join(meta.keywords)),
        _write_element("pdf:Producer", producer),
        *(
            _write_element(f"xmp:{name}Date", meta.date)
            for name in ("Create", "Modify", "Metadata")
        ),
        _write_element("xmpMM:DocumentID", f"uuid:{identity}"),
    ]
    body = "\n".join(filter(None, elements))
    return (
        '<?xpacket begin="\N{ZERO WIDTH NO-BREAK SPACE}" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/">\n<rdf:RDF {names}>\n'
        f'<rdf:Description rdf:about="">\n{body}\n{standards}</rdf:Description>\n'
        '</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="r"?>'
    )


def _write_element(name: str, value: str) -> str:
    return f"<{name}>{escape(value)}</{name}>" if value else ""


def _write_default_language(name: str, value: str) -> str:
    item = f'<rdf:li xml:lang="x-default">{escape(value)}</rdf:li>'
    return f"<{name}><rdf:Alt>{item}</rdf:Alt></{name}>" if value else ""


def _write_list(name: str, kind: str, values: Iterable[str]) -> str:
    items = "".join(_write_element("rdf:li", value) for value in values)
    return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>" if items else ""

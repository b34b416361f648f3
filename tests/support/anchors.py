"""The manifest in a Word file, found as a reader does."""

import json
import re

import lxml.etree

from tests.support.docx_file import WordFile

NAMESPACE = "urn:briefpack:manifest"


def find_manifest(file: WordFile) -> lxml.etree._Element:
    """Find the manifest's part as a reader does: by its namespace."""
    roots = [file.xml(n) for n in file.names if re.fullmatch(r"customXml/item\d+\.xml", n)]
    (root,) = [root for root in roots if root.tag == f"{{{NAMESPACE}}}manifest"]
    return root


def find_manifest_text(file: WordFile) -> str:
    return find_manifest(file).text or ""


def read_manifest(file: WordFile) -> dict:
    return json.loads(find_manifest_text(file))

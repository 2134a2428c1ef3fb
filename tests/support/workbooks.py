"""Workbooks (.xlsx) of a few cells, errors among them."""

from __future__ import annotations

import io
import zipfile

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    "{rows}</sheetData></worksheet>"
)
BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="People" sheetId="1" r:id="rId7"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId7" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)


TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)

PACKAGE = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)


def workbook(*rows: str) -> bytes:
    """Make a workbook of one sheet: cells are texts, and those with `#` in front are errors."""
    written = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            f'<c r="{"ABCDEF"[at]}{number}" t="e"><f>NA()</f><v>{text}</v></c>'
            if text.startswith("#")
            else f'<c r="{"ABCDEF"[at]}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
            for at, text in enumerate(row.split(","))
        )
        written.append(f'<row r="{number}">{cells}</row>')
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", TYPES)
        file.writestr("_rels/.rels", PACKAGE)
        file.writestr("xl/workbook.xml", BOOK)
        file.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        file.writestr("xl/worksheets/sheet1.xml", SHEET.format(rows="".join(written)))
    return packed.getvalue()

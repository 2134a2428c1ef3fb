"""A receipt as a file to keep."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

_JOSE: Final = "application/jose"
"""A JWS in its compact form (RFC 7515, section 9.2.1)."""


def receipt_file(receipt: str, position: int) -> Response:
    """Hand a receipt out as a file."""
    name = f'attachment; filename="receipt-{position}.jws"'
    return Response(receipt, media_type=_JOSE, headers={"content-disposition": name})

"""`askfirst serve` as it would be without limits before authentication: what the tests must see."""

from __future__ import annotations

import sys
from unittest import mock

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from askfirst.cli.main import main

_MAKER = "askfirst.bootstrap.listening.limited_protocol"

if __name__ == "__main__":
    with mock.patch(_MAKER, return_value=HttpToolsProtocol):
        sys.argv[0] = "askfirst"
        main()

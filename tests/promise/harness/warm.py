"""What every server makes once, made before servers are forked off."""

from __future__ import annotations

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.web.api.app import _served, api_document

api_document()
built_in_catalogue()
_served()

"""A resumable upload that is to begin. Source: Meta, "Resumable Upload API"."""

from __future__ import annotations

from askfirst.graph.known.field import UNSET, Known, Scalar


class UploadStart(Known):
    """What is posted to `/{app}/uploads`; one product names the product, too, as for files."""

    file_name: Scalar = UNSET
    file_length: Scalar = UNSET
    file_type: Scalar = UNSET
    messaging_product: Scalar = UNSET

"""polars, which reads and writes Parquet: an extra, because it is large and few need it."""

from __future__ import annotations

from typing import Any

from askfirst.domain.values.errors import InvalidInput


def load_polars(field: str, instead: str) -> Any:
    """Import polars.

    Raises:
        InvalidInput: it is not installed; `instead` says what does without.
    """
    try:
        import polars as pl
    except ImportError as error:
        message = f"{instead}; for Parquet install askfirst[parquet]"
        raise InvalidInput(field, message) from error
    return pl

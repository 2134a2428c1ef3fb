"""Lists that come in as files, a row for each person."""

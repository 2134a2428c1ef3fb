"""Tables read from files of any kind: text, JSON lines, workbooks, Parquet."""

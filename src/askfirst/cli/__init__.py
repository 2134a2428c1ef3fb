"""The command line: parsing, progress bars, exit codes."""

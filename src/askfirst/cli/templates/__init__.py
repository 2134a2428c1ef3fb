"""`askfirst templates`: the registry of templates."""

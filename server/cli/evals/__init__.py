"""``citedesk eval``: the measuring programs of `eval`, as commands."""

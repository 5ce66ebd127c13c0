"""An example or two for each command that wants one, as ``--help`` ends with them. tests/server/test_cli_help.py tries their options."""

from collections.abc import Mapping

EXAMPLES: Mapping[str, str] = {
    name: "\n\n".join(["Examples:" if len(lines) > 1 else "Example:", *lines])
    for name, lines in {
        "citedesk": (
            "citedesk ingest documents/ --data var/shop",
            'citedesk ask "How long is the warranty?" --data var/shop',
            "citedesk serve --data var/shop",
        ),
        "ingest": (
            "citedesk ingest documents/ faq.csv manuals.zip --data var/shop",
            'citedesk ingest documents/ --data var/shop --why "new manuals" --json',
        ),
        "ask": ('citedesk ask "How long is the warranty?" --data var/shop --region FR',),
        "search": ('citedesk search "warranty" -k 3 --data var/shop',),
        "verify": (
            'echo "You can return items within 45 days." | citedesk verify - --data var/shop',
            "citedesk verify draft.txt --passages passages.jsonl --json",
        ),
        "versions": ("citedesk versions --data var/shop", "citedesk versions --prune --keep 5 --data var/shop"),
        "runs": ("citedesk runs last --data var/shop",),
        "diff": ("citedesk diff --data var/shop --html changes.html", "citedesk diff 41 42 --data var/shop --no-answers"),
        "rollback": (
            'citedesk rollback --why "prices were wrong" --data var/shop',
            "citedesk rollback --release --data var/shop",
        ),
        "check": ("citedesk check --all --data var/shop", "citedesk check --deleted shop/returns.md --data var/shop"),
        "backup": ("citedesk backup /backups/shop-2026-12-01.tar --data var/shop",),
        "restore": ("citedesk restore /backups/shop-2026-12-01.tar --data var/new",),
        "forget": ('citedesk forget shop/returns.md --why "withdrawn" --data var/shop',),
        "freeze": ('citedesk freeze "recall of the kettle K2" --until 2026-12-24 --data var/shop',),
        "unfreeze": ("citedesk unfreeze frz_4be1f0a2 --data var/shop",),
        "serve": (
            "citedesk serve --data var/shop --port 8001",
            "citedesk serve --data var/shop --llm-url http://gpu-host:8000/v1",
        ),
        "up": ("citedesk up documents/ --data var/shop --llm smollm2",),
        "prepare": ("citedesk prepare --llm smollm2",),
        "keys create": (
            'citedesk keys create --name "shop front" --data var/shop',
            "citedesk keys create --name prometheus --scope metrics --audience internal --expires-days 365",
        ),
        "keys revoke": ("citedesk keys revoke 7741bce64050 --data var/shop",),
        "customer forget": (
            'citedesk customer forget --user 4711 --email anna@mail.example --why "request of 30 November" --report proof.json',
        ),
    }.items()
}

"""The settings that make a check weaker than it comes, for the audit log: a server that was started with them says so."""

from typing import Any

from server.settings import Settings

_CHECKS = ("remember_questions", "llm_fallback", "mask_llm", "gate_tolerance", "gate_floor", "link_domains", "web_hosts", "ingest_roots")


def weakened(settings: Settings) -> dict[str, Any]:
    """Name and value of each setting about a check that its owner has changed from what it is by default."""
    found = {name: getattr(settings, name) for name in _CHECKS if getattr(settings, name) != Settings.model_fields[name].default}
    return {name: [str(one) for one in value] if isinstance(value, tuple) else value for name, value in found.items()}

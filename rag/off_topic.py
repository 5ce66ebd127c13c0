"""The off-topic limits of the encoders that were calibrated."""

from rag.gap import OffTopic

BUNDLED = "multilingual-e5-small@1571fc982750-c1-float32+all-MiniLM-L6-v2@53aa51172d14-c1-float32"
CALIBRATED = {BUNDLED: OffTopic(english=0.801, same=0.831, cross=0.76, coverage=0.3)}
"""By encoder id, from ``citedesk eval calibrate`` (docs/decisions/0010-declining.md)."""


def limits_for(encoder_id: str) -> OffTopic | None:
    """The limits fitted with this encoder, or None when it was never calibrated."""
    return CALIBRATED.get(encoder_id)

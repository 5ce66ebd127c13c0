"""Whether the hub that models are fetched from answers: asked once, because the library tries five times for each file of a model."""

from pathlib import Path

from huggingface_hub import get_hf_file_metadata, hf_hub_url
from huggingface_hub.errors import HfHubHTTPError, HFValidationError

SECONDS = 10.0
"""For one answer, as the library waits."""
_FILE = "config.json"
"""Which file is asked for does not matter: that there is no such model is an answer too."""
_NO_ANSWER = ("ConnectionError", "TransportError", "RequestException")


def hub_is_away(name_or_folder: str) -> bool:
    """Whether the model is none of this machine's folders and the hub does not answer: what was fetched before is all there is then.

    The library comes to the same end by itself, after more than a minute.
    """
    if Path(name_or_folder).exists():
        return False
    try:
        get_hf_file_metadata(hf_hub_url(name_or_folder, _FILE), timeout=SECONDS)
    except (HfHubHTTPError, HFValidationError):
        return False  # an answer, or a name that the library refuses without asking
    except Exception as error:
        # By name: the hub's client has changed its HTTP library more than once, and passes its errors on as they are.
        if not any(kind.__name__ in _NO_ANSWER for kind in type(error).__mro__):
            raise
        return True
    return False

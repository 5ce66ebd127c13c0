"""The names a client may send as ``model``, and which of them is which."""

from server.errors import RequestError
from server.settings import Settings
from server.state.keys import ApiKey


class ModelNames:
    """The chat model, the plain model where there is one, and the encoder, each with its aliases."""

    def __init__(self, settings: Settings, encoder: str, has_plain: bool) -> None:
        """``encoder`` is the encoder's id. ``has_plain``: whether there is a plain model, for which a language model is needed."""
        self._settings = settings
        self._encoder = encoder
        self._plain = settings.plain_model_id if has_plain else None

    def listed(self, key: ApiKey) -> list[str]:
        """The ids of the models that ``key`` may chat with. The encoder is not among them: front ends offer all of them for chats."""
        return [self._settings.model_id, *([self._plain] if self._plain is not None and self._may_use_plain(key) else [])]

    def known(self, model: str, key: ApiKey) -> str:
        """The id behind ``model``, an id or an alias. Raises RequestError (404)."""
        if self._is_chat(model):
            return self._settings.model_id
        if model in self.listed(key):
            return model
        if self._is_encoder(model):
            return self._encoder
        raise self._unknown(self.listed(key))

    def is_plain(self, model: str, key: ApiKey) -> bool:
        """Whether ``model`` is the plain model and not the one that answers. Raises RequestError (404) when it is neither."""
        if self._is_chat(model):
            return False
        if model not in self.listed(key):
            raise self._unknown(self.listed(key))
        return True

    def check_encoder(self, model: str) -> None:
        """Raise RequestError (404) unless ``model`` is the encoder, or the chat model's name, which some clients send for all."""
        if not self._is_encoder(model) and not self._is_chat(model):
            raise self._unknown([self._encoder])

    def _is_chat(self, model: str) -> bool:
        return model == self._settings.model_id or model in self._settings.model_aliases

    def _is_encoder(self, model: str) -> bool:
        return model in (self._encoder, self._settings.encoder, *self._settings.embedding_aliases)

    def _may_use_plain(self, key: ApiKey) -> bool:
        """Shoppers' keys only where the owner says so: what the plain model writes is not verified."""
        return self._settings.plain_model == "all" or key.audience == "internal"

    def _unknown(self, there_are: list[str]) -> RequestError:
        names = " and ".join(f"'{name}'" for name in there_are)
        return RequestError(f"There is no such model here. There is {names}.", status=404, code="model_not_found", param="model")

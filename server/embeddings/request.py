"""The body of ``POST /v1/embeddings``: texts, and how their vectors are to be written."""

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

Role: TypeAlias = Literal["query", "passage"]
_TOKENS = (
    "token ids are not taken, for they are those of another model; send texts (with LangChain's OpenAIEmbeddings: "
    "check_embedding_ctx_length=False)"
)


def _texts(value: object) -> object:
    """A text or a list of texts, as a list; without copying what is no list of texts."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list):
        raise PydanticCustomError("invalid_value", "it must be a text or a list of texts")
    if any(isinstance(one, (int, list)) for one in texts):
        raise PydanticCustomError("unsupported_value", _TOKENS)
    if not texts or not all(isinstance(one, str) and one.strip() for one in texts):
        raise PydanticCustomError("invalid_value", "it must hold at least one text, and no text may be empty")
    return texts


class EmbeddingFields(BaseModel):
    """What Citedesk adds. ``input`` says what the texts are: questions that search, or passages that are found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Role = "passage"


class EmbeddingRequest(BaseModel):
    """A request for vectors. ``dimensions``, where it is given, must be the encoder's own number."""

    model_config = ConfigDict(frozen=True)
    without_effect: ClassVar[frozenset[str]] = frozenset({"user"})

    model: str
    input: Annotated[list[str], BeforeValidator(_texts, json_schema_input_type=str | list[str])]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: Annotated[int, Field(ge=1)] | None = None
    citedesk: EmbeddingFields = EmbeddingFields()

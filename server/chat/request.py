"""The body of ``POST /v1/chat/completions``: what is taken, what is refused, what is ignored.

Fields that would change what comes back and are not supported are refused. All others that OpenAI knows (`WITHOUT_EFFECT`) or not
are ignored, named in a header (`server.body`), and never passed on: a server of language models takes some that give the prompt away.
``safety_identifier`` and ``user`` name the end user, whose rate is limited; only a keyed hash is kept.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, field_validator
from pydantic_core import PydanticCustomError

from rag.writing import Writing
from server.scope_fields import ScopeFields

MAX_MESSAGES = 2000
INT64 = 1 << 63
WITHOUT_EFFECT = frozenset(
    "audio function_call logit_bias max_tool_calls metadata modalities parallel_tool_calls prediction prompt_cache_key"
    " prompt_cache_retention reasoning_effort service_tier store tool_choice top_logprobs verbosity"
    " web_search_options".split()
)
"""Fields of OpenAI's own that change nothing here. They are taken even where unknown fields are refused."""


def _text_of(content: object) -> object:
    """A message's content as one string: a string, or text parts joined."""
    if not isinstance(content, list):
        return content
    return "".join(_part_text(part) for part in content)


def _part_text(part: object) -> str:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind != "text":
        raise PydanticCustomError("unsupported_content_type", "only content parts of type 'text' are supported")
    text = part.get("text") if isinstance(part, dict) else None
    if not isinstance(text, str):
        raise PydanticCustomError("invalid_content", "a content part of type 'text' needs a string 'text'")
    return text


def _stops(value: object) -> object:
    return [value] if isinstance(value, str) else value


class TextPart(BaseModel):
    """A part of a message. Those of other types are refused."""

    type: Literal["text"]
    text: str


def _name_of(value: object) -> object:
    """OpenAI takes any string; what is none is ignored, as all that is not understood."""
    return value if isinstance(value, str) else None


class Message(BaseModel):
    """One message. ``developer`` means the same as ``system``."""

    model_config = ConfigDict(frozen=True)

    role: Literal["developer", "system", "user", "assistant"]
    content: Annotated[str | None, BeforeValidator(_text_of, json_schema_input_type=str | list[TextPart] | None)] = None


class StreamOptions(BaseModel):
    """How to stream."""

    model_config = ConfigDict(frozen=True)

    include_usage: StrictBool = False


class ResponseFormat(BaseModel):
    """The form of the answer; only text is supported."""

    model_config = ConfigDict(frozen=True)

    type: str

    @field_validator("type")
    @classmethod
    def _only_text(cls, value: str) -> str:
        if value != "text":
            raise PydanticCustomError("unsupported_value", "only the type 'text' is supported")
        return value


Stop = Annotated[str, Field(min_length=1, max_length=256)]
Stops = Annotated[list[Stop], Field(max_length=4)]


class ChatRequest(BaseModel):
    """A request for an answer."""

    model_config = ConfigDict(frozen=True)
    without_effect: ClassVar[frozenset[str]] = WITHOUT_EFFECT

    messages: Annotated[list[Message], Field(min_length=1, max_length=MAX_MESSAGES)]
    model: str
    stream: StrictBool | None = None
    stream_options: StreamOptions | None = None
    temperature: Annotated[StrictFloat, Field(ge=0, le=2)] | None = None
    top_p: Annotated[StrictFloat, Field(ge=0, le=1)] | None = None
    presence_penalty: Annotated[StrictFloat, Field(ge=-2, le=2)] | None = None
    frequency_penalty: Annotated[StrictFloat, Field(ge=-2, le=2)] | None = None
    max_tokens: Annotated[StrictInt, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[StrictInt, Field(ge=1)] | None = None
    seed: Annotated[StrictInt, Field(ge=-INT64, lt=INT64)] | None = None
    stop: Annotated[Stops | None, BeforeValidator(_stops, json_schema_input_type=Stop | Stops | None)] = None
    n: StrictInt | None = None
    tools: list[Any] | None = None
    functions: list[Any] | None = None
    logprobs: StrictBool | None = None
    response_format: ResponseFormat | None = None
    safety_identifier: Annotated[str | None, BeforeValidator(_name_of)] = None
    user: Annotated[str | None, BeforeValidator(_name_of)] = None
    citedesk: ScopeFields = ScopeFields()

    @field_validator("n")
    @classmethod
    def _one_choice(cls, value: int | None) -> int | None:
        if value is not None and value != 1:
            raise PydanticCustomError("unsupported_value", "only one choice per request is supported; send 1 or leave it out")
        return value

    @field_validator("tools", "functions")
    @classmethod
    def _no_tools(cls, value: list[Any] | None) -> list[Any] | None:
        if value:
            raise PydanticCustomError("unsupported_parameter", "tools are not supported; send an empty list or leave it out")
        return value

    @field_validator("logprobs")
    @classmethod
    def _no_logprobs(cls, value: bool | None) -> bool | None:
        if value:
            raise PydanticCustomError("unsupported_parameter", "log probabilities are not supported; send false or leave it out")
        return value

    @field_validator("citedesk", mode="before")
    @classmethod
    def _default_scope(cls, value: object) -> object:
        return {} if value is None else value

    @property
    def writing(self) -> Writing:
        """How the answer is to be written. Of two limits on its length the smaller one holds."""
        limits = [limit for limit in (self.max_tokens, self.max_completion_tokens) if limit is not None]
        return Writing(
            temperature=self.temperature,
            top_p=self.top_p,
            presence_penalty=self.presence_penalty,
            frequency_penalty=self.frequency_penalty,
            seed=self.seed,
            max_tokens=min(limits, default=None),
            stop=tuple(self.stop or ()),
        )

    @property
    def end_user(self) -> str | None:
        """What the caller's program calls the person who asks. ``user`` is what ``safety_identifier`` was called before."""
        return self.safety_identifier or self.user

    @property
    def include_usage(self) -> bool:
        """Whether a stream ends with a usage chunk."""
        return self.stream_options is not None and self.stream_options.include_usage

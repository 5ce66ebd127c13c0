"""What of a document an audience may see."""

from kb.document import Document
from kb.passage import Passage
from kb.scope import Audience, visible_to
from kb.version import Version


def visible(passage: Passage, document: Document, audience: Audience) -> bool:
    """Whether ``audience`` may ever see ``passage`` of ``document``: both must be open to it, as in `kb.admission`."""
    return visible_to(document.scope.audience, audience) and visible_to(passage.scope.audience, audience)


def visible_passages(version: Version, document: Document, audience: Audience) -> list[Passage]:
    """The document's passages that ``audience`` may see, in the document's order."""
    return [passage for passage in version.passages_of(document.id) if visible(passage, document, audience)]

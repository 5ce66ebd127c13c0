"""The reader as a torch module: an encoder's token vectors, averaged over each sentence and over the question, into one score."""

import torch
from torch import nn
from transformers import PreTrainedModel

HIDDEN = 128


class ReaderNetwork(nn.Module):
    """Scores every sentence of a passage at once, each seen in its context.

    The scores are logits against "nothing here answers", whose own logit is 0.
    """

    def __init__(self, trunk: PreTrainedModel, width: int) -> None:
        """``trunk`` gives token vectors of ``width`` numbers."""
        super().__init__()
        self.trunk = trunk
        self.joint = nn.Linear(3 * width, HIDDEN)
        self.out = nn.Linear(HIDDEN, 1)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, question_pool: torch.Tensor, sentence_pool: torch.Tensor
    ) -> torch.Tensor:
        """Scores [batch, sentences] from ids and mask [batch, length], pools [batch, length] and [batch, sentences, length]."""
        hidden = self.trunk(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state.to(sentence_pool.dtype)
        sentences = sentence_pool @ hidden
        question = (question_pool.unsqueeze(1) @ hidden).expand(-1, sentences.shape[1], -1)
        features = torch.cat([sentences, question, _agreement(sentences, question)], -1)
        scores: torch.Tensor = self.out(nn.functional.gelu(self.joint(features))).squeeze(-1)
        return scores


def _agreement(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """The summands of their cosine, times the width: a layer of sums alone cannot multiply its inputs."""
    return nn.functional.normalize(one, dim=-1) * nn.functional.normalize(other, dim=-1) * one.shape[-1]

"""Turns one GGUF file into an ordinary model folder. Run by vLLM's Python, which has transformers, gguf and accelerate.

    python convert_gguf.py FILE TARGET

A script rather than a module to import: Citedesk's own environment has neither gguf nor accelerate, and needs them for nothing else.
"""

import sys
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def convert(file: Path, target: Path) -> None:
    """Write the model and the tokenizer of the GGUF ``file`` into the folder ``target``, the weights as float32."""
    model: Any = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32, local_files_only=True)
    # The weights are plain float32 by now, but transformers would still refuse to save what it read as quantised.
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.hf_quantizer = None
    model.is_quantized = False
    model.save_pretrained(target)
    AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name, local_files_only=True).save_pretrained(target)


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))

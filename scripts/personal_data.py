"""Rewrite eval/personal_data.jsonl and the second set beside it: made values in hand-written sentences, the same bytes every time.

Run it as ``python -m scripts.personal_data``. It shares no code with what it tests: checksums and the forms of numbers are written here
anew, and numbers are drawn from area codes and prefixes that exist. No value belongs to anybody by intent.
"""

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SURROUNDINGS = ROOT / "scripts" / "personal_data_surroundings.txt"
TARGET = ROOT / "eval" / "personal_data.jsonl"
SEED = 20251130
LATER = ROOT / "scripts" / "personal_data_later.txt"
LATER_TARGET = ROOT / "eval" / "personal_data_later.jsonl"
LATER_SEED = 20261130
PER_CELL = {"address": 32}
"""How many items each kind has in each language, with and without personal data; 80 where nothing is said."""
WIDE = str.maketrans("0123456789()-+", "０１２３４５６７８９（）－＋")
US_AREAS = "212 415 312 617 206 305 702 919 503 614 718 646 303 404 512".split()
CN_MOBILES = "130 131 132 133 135 136 137 138 139 150 151 152 155 158 159 166 173 176 177 180 185 186 187 188 189 191 198 199".split()
CN_AREAS = "010 021 020 0755 0571 028 025 027 0512 029".split()
GB_MOBILES = "7411 7535 7725 7812 7950 7891".split()
DE_AREAS = "30 40 89 69 221 711".split()
NAMES = "anna tom maria lee john sophie wei.zhang li_ming chenjing wangfang j.berg k-olsen max.mueller x123 happy2008 zhao88 o'neil".split()
HOSTS = "gmail.com outlook.com 163.com qq.com yahoo.co.uk web.de mail.example.org firma-nord.de sina.com.cn foxmail.com posteo.de shop.io"
STREETS = "Baker Street,Oak Avenue,Elm St,Maple Drive,King's Road,Station Rd,Mill Lane,Sunset Blvd,Church Close,Park Crescent".split(",")
CITIES = ", London NW1 6XE|, Springfield, IL 62704|||, Leeds|, Austin, TX 78701".split("|")
GERMAN_STREETS = "Hauptstraße,Bahnhofstr.,Lindenweg,Goethestraße,Am Markt,Schillerplatz,Gartenallee,Kirchgasse".split(",")
CHINESE_PLACES = (
    "北京市朝阳区建国路 上海市浦东新区世纪大道 广东省深圳市南山区科技园路 杭州市西湖区文三路 成都市武侯区天府大道北段"
    " 江苏省南京市鼓楼区中山路"
).split()
CHINESE_UNITS = "{}号|{}号{}栋{}室|{}弄{}号{}室|{}号院{}号楼{}单元{}|{}号某某大厦{}层|{}号阳光花园{}幢".split("|")
PROVINCES = "110105 310115 440305 330106 510107 320106 420106 610113 370102 210102 500103".split()
USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"

Rng = random.Random


def digits(rng: Rng, count: int) -> str:
    """``count`` random digits, the first not 0."""
    return str(rng.randint(1, 9)) + "".join(str(rng.randint(0, 9)) for _ in range(count - 1))


def luhn_digit(body: str) -> str:
    """The digit that makes ``body`` pass."""
    doubled = [int(one) * (2 if place % 2 == 0 else 1) for place, one in enumerate(reversed(body))]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def grouped(text: str, sizes: tuple[int, ...], separator: str) -> str:
    """``text`` cut into pieces of ``sizes``."""
    parts, at = [], 0
    for size in sizes:
        parts.append(text[at : at + size])
        at += size
    return separator.join([*parts, text[at:]] if text[at:] else parts)


def american(rng: Rng) -> str:
    """A number of the United States, as people write it."""
    area, exchange, line = rng.choice(US_AREAS), f"{rng.randint(2, 9)}{rng.randint(2, 9)}{rng.randint(0, 9)}", f"{rng.randint(0, 9999):04}"
    forms = "({}) {}-{}|{}-{}-{}|{}.{}.{}|{}{}{}|+1 {} {} {}|+1{}{}{}|1-{}-{}-{}|+1 ({}) {}-{}|{} {} {}|({}){}-{}".split("|")
    return rng.choice(forms).format(area, exchange, line)


def british(rng: Rng) -> str:
    """A number of Great Britain."""
    mobile, line = rng.choice(GB_MOBILES), f"{rng.randint(100000, 999999)}"
    london = f"7{rng.randint(100, 999)} {rng.randint(1000, 9999)}"
    forms = [f"0{mobile} {line}", f"+44 {mobile} {line}", f"0{mobile}{line}", f"+44 (0){mobile} {line}", f"0{mobile} {line[:3]} {line[3:]}"]
    return rng.choice([*forms, f"020 {london}", f"(020) {london}", f"+44 20 {london}", f"0044 {mobile} {line}"])


def german(rng: Rng) -> str:
    """A number of Germany."""
    area, line, mobile = rng.choice(DE_AREAS), digits(rng, 8).replace("1", "2", 1), f"1{rng.choice(('51', '60', '70', '75'))}"
    forms = [f"0{area} {line}", f"0{area}/{line[:4]} {line[4:]}", f"+49 {area} {line}", f"+49 (0){area} {line}", f"0049 {area} {line}"]
    forms += [f"(0{area}) {line[:4]} {line[4:]}", f"0{mobile} {line[:7]}", f"0{mobile}-{line[:7]}", f"+49 {mobile} {line[:7]}"]
    return rng.choice(forms)


def chinese_mobile(rng: Rng) -> str:
    """A Chinese mobile number."""
    a, b, c = rng.choice(CN_MOBILES), f"{rng.randint(0, 9999):04}", f"{rng.randint(0, 9999):04}"
    forms = [a + b + c] * 4 + [f"{a} {b} {c}", f"{a}-{b}-{c}", f"+86 {a} {b} {c}", f"+86{a}{b}{c}", f"86-{a}{b}{c}", f"(+86){a}{b}{c}"]
    return rng.choice([*forms, f"0086 {a}{b}{c}", (a + b + c).translate(WIDE), f"{a}.{b}.{c}"])


def chinese_landline(rng: Rng) -> str:
    """A Chinese landline number, some with an extension."""
    area, line = rng.choice(CN_AREAS), f"{rng.choice('568')}{rng.randint(1000000, 9999999)}"
    line = line if len(area) == 3 or area in ("0755", "0571", "0512") else line[:7]
    forms = [f"{area}-{line}", f"{area} {line[:4]} {line[4:]}", f"({area}){line}", f"（{area}）{line}"]
    forms.append(f"{area}-{line}转{rng.randint(10, 8999)}")
    return rng.choice([*forms, f"{area}{line}", f"{area}-{line}".translate(WIDE), f"+86 {area[1:]} {line}"])


def phone(rng: Rng, language: str) -> str:
    """A phone number of one of the four regions."""
    if language == "zh":
        return rng.choice([chinese_mobile, chinese_mobile, chinese_mobile, chinese_landline, british])(rng)
    return rng.choice([american, american, british, german, chinese_mobile])(rng)


def email(rng: Rng, language: str) -> str:
    """An e-mail address."""
    name, host = rng.choice(NAMES), rng.choice(HOSTS.split())
    names = [name, name, name.upper(), f"{name}+shop", f"{name}{rng.randint(1, 99)}", digits(rng, 9) if language == "zh" else name]
    name = rng.choice(names)
    forms = [f"{name}@{host}"] * 8 + [f"{name}＠{host}", f"{name}@{host.upper()}", f"{name} [at] {host}", f"{name}(at){host}"]
    return rng.choice(forms)


def card(rng: Rng, language: str) -> str:
    """A payment card's number, alone or in groups."""
    brands = [("4", 16), ("51", 16), ("2221", 16), ("6225", 16), ("37", 15), ("6011", 16), ("36", 14), ("3530", 16)]
    brands += [("622202", 19), ("4", 13)]
    start, length = rng.choice(brands if language == "en" else [("6225", 16), ("622202", 19), ("621700", 19), ("4", 16), ("52", 16)])
    body = start + "".join(str(rng.randint(0, 9)) for _ in range(length - len(start) - 1))
    number = body + luhn_digit(body)
    sizes = (4, 6, 5) if length == 15 else (4, 6, 4) if length == 14 else (4, 4, 4, 4)
    forms = [number, number, grouped(number, sizes, " "), grouped(number, sizes, "-"), grouped(number, sizes, " ")]
    return rng.choice([*forms, number.translate(WIDE)] if language == "zh" else forms)


def identity(rng: Rng, language: str) -> str:
    """A Chinese ID number, a few of the old form."""
    born = f"{rng.randint(1950, 2006)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    if rng.random() < 0.12:
        return f"{rng.choice(PROVINCES)}{born[2:]}{rng.randint(1, 999):03}"
    body = f"{rng.choice(PROVINCES)}{born}{rng.randint(1, 999):03}"
    number = body + identity_digit(body)
    forms = [number, number, number, number.lower(), grouped(number, (6, 8, 4), " ")]
    return rng.choice([*forms, number.translate(WIDE), grouped(number, (6, 4, 4, 4), " ")] if language == "zh" else forms)


def identity_digit(body: str) -> str:
    """The last character of an ID number whose first 17 digits are ``body`` (ISO 7064, MOD 11-2)."""
    rest = sum(int(one) * 2 ** (17 - place) for place, one in enumerate(body)) % 11
    return "10X98765432"[rest]


def address(rng: Rng, language: str) -> str:
    """A postal address, or its street."""
    numbers = [str(rng.randint(1, 99)) for _ in range(4)]
    if language == "zh":
        return rng.choice(CHINESE_PLACES) + rng.choice(CHINESE_UNITS).format(*numbers)
    if rng.random() < 0.25:
        return f"{rng.choice(GERMAN_STREETS)} {numbers[0]}"
    return f"{rng.randint(1, 4999)} {rng.choice(STREETS)}{rng.choice(['', ', Apt. 4B', ', Flat 7'])}{rng.choice(CITIES)}"


def luhn16(rng: Rng, _: str) -> str:
    """What would pass as a card's number, and is none."""
    body = rng.choice("4562") + digits(rng, 14)
    return body + luhn_digit(body)


def not_luhn16(rng: Rng, _: str) -> str:
    """Sixteen digits that are no card's number."""
    body = digits(rng, 15)
    return body + str((int(luhn_digit(body)) + rng.randint(1, 9)) % 10)


def ean13(rng: Rng, _: str) -> str:
    """An article number (EAN-13)."""
    body = rng.choice(("40", "50", "69", "30", "45")) + digits(rng, 10)
    return body + str(-sum(int(one) * (3 if place % 2 else 1) for place, one in enumerate(body)) % 10)


def imei(rng: Rng, _: str) -> str:
    """A device's IMEI."""
    body = rng.choice(("35", "86")) + digits(rng, 12)
    return body + luhn_digit(body)


def id_like(rng: Rng, language: str) -> str:
    """Eighteen digits that look like an ID number, with a wrong last one."""
    body = f"{rng.choice(PROVINCES)}19{rng.randint(50, 99)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}{rng.randint(1, 999):03}"
    return body + rng.choice([one for one in "0123456789" if one != identity_digit(body)])


def iban(rng: Rng, _: str) -> str:
    """What follows the country in a German IBAN."""
    return rng.choice([digits(rng, 20), grouped(digits(rng, 20), (2, 4, 4, 4, 4), " ")])


VALUES: dict[str, Callable[[Rng, str], str]] = {
    "phone": phone,
    "email": email,
    "card": card,
    "id": identity,
    "address": address,
    "luhn16": luhn16,
    "notluhn16": not_luhn16,
    "ean13": ean13,
    "imei": imei,
    "idlike": id_like,
    "iban": iban,
    "us10": lambda rng, _: rng.choice(US_AREAS) + digits(rng, 7).replace("1", "4", 1),
    "cn11": lambda rng, _: rng.choice(CN_MOBILES) + f"{rng.randint(0, 99999999):08}",
    "digits18": lambda rng, _: digits(rng, 18),
    "old_idlike": lambda rng, _: rng.choice(PROVINCES) + f"{rng.randint(50, 99)}{rng.randint(13, 99)}" + digits(rng, 5),
    "uscc": lambda rng, _: rng.choice(PROVINCES) + "".join(rng.choice(USCC) for _ in range(10)),
}
PERSONAL = {"phone": "phone", "email": "e-mail", "card": "card", "id": "id", "address": "address"}


@dataclass(frozen=True)
class Surrounding:
    """One hand-written sentence with places for values."""

    name: str
    kind: str
    language: str
    personal: bool
    text: str

    def item(self, number: int, rng: Rng) -> dict[str, object]:
        """The sentence with values in it, and the character spans of those that are personal."""
        text, spans, at = "", [], 0
        for place in re.finditer(r"\{(\w+)\}|~|\^", self.text):
            text += self.text[at : place.start()]
            value = VALUES[place[1]](rng, self.language) if place[1] else str(rng.randint(0 if place[0] == "~" else 1, 9))
            if place[1] in PERSONAL:
                spans.append({"kind": PERSONAL[place[1]], "start": len(text), "end": len(text) + len(value)})
            text, at = text + value, place.end()
        named = {"id": f"{self.name}.{number}", "kind": self.kind, "language": self.language, "personal": self.personal}
        return {**named, "text": text + self.text[at:], "spans": spans}


def surroundings(path: Path) -> list[Surrounding]:
    """The sentences of ``path``, in order."""
    read = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("#"):
            kind, language, mark, text = line.split(" ", 3)
            read.append(Surrounding(f"{kind}-{language}-{number}", kind, language, mark == "+", text))
    return read


def made(path: Path = SURROUNDINGS, seed: int = SEED) -> str:
    """The text of the file made from the sentences in ``path``: the items of each kind, language and sort in turn."""
    rng, cells = random.Random(seed), dict[tuple[str, str, bool], list[Surrounding]]()
    for one in surroundings(path):
        cells.setdefault((one.kind, one.language, one.personal), []).append(one)
    items = []
    for (kind, _, _), ours in cells.items():
        for number in range(PER_CELL.get(kind, 80)):
            items.append(ours[number % len(ours)].item(number // len(ours), rng))
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)


def main() -> None:
    """Write the files."""
    TARGET.write_text(made(), encoding="utf-8")
    LATER_TARGET.write_text(made(LATER, LATER_SEED), encoding="utf-8")


if __name__ == "__main__":
    main()

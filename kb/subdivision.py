"""States, provinces and the like of the countries whose shops have rules for them most often, by ISO 3166-2 code and by name.

Babel has no names below countries, so these are our own. Each entry: English, Chinese, the country's other language (German in Germany,
French in Canada), then what else people write.
"""

SUBDIVISIONS: dict[str, dict[str, str]] = {
    "US": {
        "AL": "Alabama|亚拉巴马|Alabama|阿拉巴马",
        "AK": "Alaska|阿拉斯加",
        "AZ": "Arizona|亚利桑那",
        "AR": "Arkansas|阿肯色",
        "CA": "California|加利福尼亚|California|加州|Californie|Kalifornien",
        "CO": "Colorado|科罗拉多",
        "CT": "Connecticut|康涅狄格",
        "DE": "Delaware|特拉华",
        "DC": "District of Columbia|哥伦比亚特区|Washington, D.C.|Washington D.C.|Washington, DC|Washington DC|华盛顿特区",
        "FL": "Florida|佛罗里达|Florida|佛州|Floride",
        "GA": "Georgia|佐治亚|Georgia|乔治亚",
        "HI": "Hawaii|夏威夷|Hawaii|Hawaiʻi|Hawai'i",
        "ID": "Idaho|爱达荷",
        "IL": "Illinois|伊利诺伊",
        "IN": "Indiana|印第安纳",
        "IA": "Iowa|艾奥瓦|Iowa|爱荷华",
        "KS": "Kansas|堪萨斯",
        "KY": "Kentucky|肯塔基",
        "LA": "Louisiana|路易斯安那|Louisiana|Louisiane",
        "ME": "Maine|缅因",
        "MD": "Maryland|马里兰",
        "MA": "Massachusetts|马萨诸塞|Massachusetts|麻省",
        "MI": "Michigan|密歇根|Michigan|密执安",
        "MN": "Minnesota|明尼苏达",
        "MS": "Mississippi|密西西比",
        "MO": "Missouri|密苏里",
        "MT": "Montana|蒙大拿",
        "NE": "Nebraska|内布拉斯加",
        "NV": "Nevada|内华达",
        "NH": "New Hampshire|新罕布什尔",
        "NJ": "New Jersey|新泽西",
        "NM": "New Mexico|新墨西哥",
        "NY": "New York|纽约|New York|New York State",
        "NC": "North Carolina|北卡罗来纳|North Carolina|北卡罗莱纳",
        "ND": "North Dakota|北达科他",
        "OH": "Ohio|俄亥俄",
        "OK": "Oklahoma|俄克拉何马|Oklahoma|俄克拉荷马",
        "OR": "Oregon|俄勒冈",
        "PA": "Pennsylvania|宾夕法尼亚|Pennsylvania|宾州",
        "RI": "Rhode Island|罗得岛|Rhode Island|罗德岛",
        "SC": "South Carolina|南卡罗来纳|South Carolina|南卡罗莱纳",
        "SD": "South Dakota|南达科他",
        "TN": "Tennessee|田纳西",
        "TX": "Texas|得克萨斯|Texas|德克萨斯",
        "UT": "Utah|犹他",
        "VT": "Vermont|佛蒙特",
        "VA": "Virginia|弗吉尼亚|Virginia|维吉尼亚",
        "WA": "Washington|华盛顿州|Washington|Washington State",
        "WV": "West Virginia|西弗吉尼亚",
        "WI": "Wisconsin|威斯康星|Wisconsin|威斯康辛",
        "WY": "Wyoming|怀俄明",
    },
    "CA": {
        "AB": "Alberta|艾伯塔|Alberta|阿尔伯塔",
        "BC": "British Columbia|不列颠哥伦比亚|Colombie-Britannique|卑诗省",
        "MB": "Manitoba|马尼托巴|Manitoba|曼尼托巴",
        "NB": "New Brunswick|新不伦瑞克|Nouveau-Brunswick",
        "NL": "Newfoundland and Labrador|纽芬兰与拉布拉多|Terre-Neuve-et-Labrador|Newfoundland|纽芬兰",
        "NS": "Nova Scotia|新斯科舍|Nouvelle-Écosse|Nouvelle-Ecosse",
        "NT": "Northwest Territories|西北地区|Territoires du Nord-Ouest",
        "NU": "Nunavut|努纳武特",
        "ON": "Ontario|安大略",
        "PE": "Prince Edward Island|爱德华王子岛|Île-du-Prince-Édouard",
        "QC": "Quebec|魁北克|Québec",
        "SK": "Saskatchewan|萨斯喀彻温|Saskatchewan|萨省",
        "YT": "Yukon|育空",
    },
    "GB": {
        "ENG": "England|英格兰",
        "SCT": "Scotland|苏格兰|Scotland|Alba|Schottland|Écosse|Ecosse|Escocia|Scozia",
        "WLS": "Wales|威尔士|Wales|Cymru",
        "NIR": "Northern Ireland|北爱尔兰|Northern Ireland|Nordirland|Irlande du Nord|Irlanda del Norte|Irlanda del Nord",
    },
    "AU": {
        "ACT": "Australian Capital Territory|澳大利亚首都领地|Australian Capital Territory|澳大利亚首都特区",
        "NSW": "New South Wales|新南威尔士|New South Wales|NSW",
        "NT": "Northern Territory|北领地",
        "QLD": "Queensland|昆士兰",
        "SA": "South Australia|南澳大利亚",
        "TAS": "Tasmania|塔斯马尼亚|Tasmania|塔斯曼尼亚",
        "VIC": "Victoria|维多利亚",
        "WA": "Western Australia|西澳大利亚",
    },
    "DE": {
        "BW": "Baden-Württemberg|巴登-符腾堡|Baden-Württemberg|Baden-Wuerttemberg|巴登符腾堡",
        "BY": "Bavaria|巴伐利亚|Bayern|Bavière|Baviera",
        "BE": "Berlin|柏林",
        "BB": "Brandenburg|勃兰登堡",
        "HB": "Bremen|不来梅",
        "HH": "Hamburg|汉堡市",
        "HE": "Hesse|黑森州|Hessen",
        "MV": "Mecklenburg-Western Pomerania|梅克伦堡-前波美拉尼亚|Mecklenburg-Vorpommern",
        "NI": "Lower Saxony|下萨克森|Niedersachsen",
        "NW": "North Rhine-Westphalia|北莱茵-威斯特法伦|Nordrhein-Westfalen|NRW|北威州",
        "RP": "Rhineland-Palatinate|莱茵兰-普法尔茨|Rheinland-Pfalz",
        "SL": "Saarland|萨尔州",
        "SN": "Saxony|萨克森|Sachsen",
        "ST": "Saxony-Anhalt|萨克森-安哈尔特|Sachsen-Anhalt",
        "SH": "Schleswig-Holstein|石勒苏益格-荷尔斯泰因",
        "TH": "Thuringia|图林根|Thüringen|Thueringen",
    },
    "CN": {
        "AH": "Anhui|安徽",
        "BJ": "Beijing|北京",
        "CQ": "Chongqing|重庆",
        "FJ": "Fujian|福建",
        "GD": "Guangdong|广东",
        "GS": "Gansu|甘肃",
        "GX": "Guangxi|广西|Guangxi|广西壮族自治区",
        "GZ": "Guizhou|贵州",
        "HA": "Henan|河南",
        "HB": "Hubei|湖北",
        "HE": "Hebei|河北",
        "HI": "Hainan|海南",
        "HL": "Heilongjiang|黑龙江",
        "HN": "Hunan|湖南",
        "JL": "Jilin|吉林",
        "JS": "Jiangsu|江苏",
        "JX": "Jiangxi|江西",
        "LN": "Liaoning|辽宁",
        "NM": "Inner Mongolia|内蒙古|Inner Mongolia|内蒙古自治区",
        "NX": "Ningxia|宁夏|Ningxia|宁夏回族自治区",
        "QH": "Qinghai|青海",
        "SC": "Sichuan|四川",
        "SD": "Shandong|山东",
        "SH": "Shanghai|上海",
        "SN": "Shaanxi|陕西",
        "SX": "Shanxi|山西",
        "TJ": "Tianjin|天津",
        "XJ": "Xinjiang|新疆|Xinjiang|新疆维吾尔自治区",
        "XZ": "Tibet|西藏|Tibet|西藏自治区",
        "YN": "Yunnan|云南",
        "ZJ": "Zhejiang|浙江",
    },
}
_OTHER_LANGUAGE = {"CA": "fr", "DE": "de"}
_ENDINGS = {"CN": ("省", "市"), "CA": ("省",), "US": ("州",), "AU": ("州",), "DE": ("州",)}
"""What Chinese adds to the name of a state or province."""


def subdivision_codes() -> dict[str, str]:
    """The code (``US-CA``) of each subdivision by each of its names, as they are written."""
    listed = [(country, part, names) for country, parts in SUBDIVISIONS.items() for part, names in parts.items()]
    return {name: f"{country}-{part}" for country, part, names in listed for name in _names(country, names)}


def subdivision_name(code: str, language: str) -> str | None:
    """What the subdivision ``code`` is called in ``language``, in English where we have no other name; None for one that is not listed."""
    country, _, part = code.partition("-")
    names = SUBDIVISIONS.get(country, {}).get(part, "").split("|")
    if language == "zh" and len(names) > 1:
        return names[1]
    return names[2] if language == _OTHER_LANGUAGE.get(country) and len(names) > 2 else names[0] or None


def _names(country: str, names: str) -> list[str]:
    known = names.split("|")
    endings = _ENDINGS.get(country, ())
    chinese = [name for name in known if name[0] > "\u2fff" and not name.endswith(("省", "市", "州", "区", "岛"))]
    return [*known, *(f"{name}{ending}" for name in chinese for ending in endings)]

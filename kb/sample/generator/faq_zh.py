"""The sample shop's Chinese FAQ as a workbook: ``python -m kb.sample.generator.faq_zh OUT.xlsx``.

The same pairs give the same bytes on every machine, so that a change of the committed workbook is a change of the pairs.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from kb.files import write_atomic

COLUMNS = ("question", "answer", "products", "regions")
WIDTHS = {"A": 38, "B": 90, "C": 20, "D": 10}
WRITTEN = datetime(2026, 3, 1)
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
UNIX = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of the workbook. ``products`` and ``regions`` hold several values separated by ``;``, or nothing."""

    question: str
    answer: str
    products: str = ""
    regions: str = ""


VACUUMS = (
    Pair(
        "Rovo 310 和 Rovo 320 有什么区别？",
        "Rovo 320 的吸力是 4000 Pa，续航 180 分钟，尘盒 0.55 L。Rovo 310 的吸力是 2500 Pa，续航 110 分钟，尘盒 0.40 L。"
        "房子大或者养宠物的家庭建议选 Rovo 320。",
        "BN-RV310;BN-RV320",
    ),
    Pair("Rovo 310 充满电能扫多久？", "Rovo 310 的电池是 3200 mAh，充满电在安静模式下可以连续清扫 110 分钟。", "BN-RV310"),
    Pair("Rovo 320 充满电能扫多久？", "Rovo 320 的电池是 5200 mAh，充满电在安静模式下可以连续清扫 180 分钟。", "BN-RV320"),
    Pair("Rovo 310 充电要多长时间？", "Rovo 310 从没电到充满约 4.5 小时。电量不够时它会自己回充电座。", "BN-RV310"),
    Pair("Rovo 320 充电要多长时间？", "Rovo 320 从没电到充满约 6 小时。电量不够时它会自己回充电座。", "BN-RV320"),
    Pair("Rovo 310 能越过多高的门槛？", "Rovo 310 能越过 18 mm 高的门槛，再高需要加斜坡垫。", "BN-RV310"),
    Pair("Rovo 320 能越过多高的门槛？", "Rovo 320 能越过 20 mm 高的门槛，再高需要加斜坡垫。", "BN-RV320"),
    Pair("Rovo 310 的滤网多久换一次？", "Rovo 310 的滤网每 2 个月更换一次。", "BN-RV310"),
    Pair("Rovo 320 的滤网多久换一次？", "Rovo 320 的滤网每 3 个月更换一次。", "BN-RV320"),
    Pair(
        "Rovo 系列扫地机器人工作时声音大吗？",
        "吸力开到最大时，Rovo 310 的噪音是 62 dB，Rovo 320 是 66 dB，比正常说话的声音大一点。",
        "BN-RV310;BN-RV320",
    ),
    Pair("扫地机器人有多重，老人拿得动吗？", "Rovo 310 重 3.1 kg，Rovo 320 重 3.6 kg，单手就可以提起来。", "BN-RV310;BN-RV320"),
)

KITCHEN = (
    Pair("Crema 500 的水箱有多大？", "Crema 500 的水箱容量是 1.8 L，可以拆下来加水和清洗。", "BN-EM500"),
    Pair("Crema 500 是多少 bar 的泵，功率多大？", "Crema 500 的泵压是 15 bar，功率 1450 W，请插在单独的墙面插座上。", "BN-EM500"),
    Pair("Crema 500 多久除一次垢？", "Crema 500 每做 200 杯或者每 2 个月除垢一次，以先到的为准。", "BN-EM500"),
    Pair(
        "Crema 500 屏幕上显示 E 加数字是什么意思？",
        "E01 到 E09 是故障代码，比如 E01 是水箱没有装好或者没水了。其他代码请查说明书的故障代码表，报修时请把代码告诉客服。",
        "BN-EM500",
    ),
    Pair("Crispa 60 空气炸锅容量多大，功率多少？", "Crispa 60 的容量是 6.0 L，功率 1700 W。", "BN-AF60"),
    Pair("Crispa 60 的温度和时间怎么调？", "Crispa 60 的温度可以在 80-200 °C 之间调节，定时最长 60 分钟。", "BN-AF60"),
)

SMART_HOME = (
    Pair("Nestlink Hub 20 最多能连多少个设备？", "一台 Nestlink Hub 20 最多连接 128 个设备。", "BN-HB20"),
    Pair("Nestlink Hub 20 支持哪些协议？", "Nestlink Hub 20 支持 Zigbee 3.0、Thread 和 2.4/5 GHz Wi-Fi。", "BN-HB20"),
    Pair(
        "Nestlink Hub 20 怎么恢复出厂设置？",
        "按住机身按钮 12 秒就会恢复出厂设置。恢复后设备和自动化都会清空，请先做好备份。",
        "BN-HB20",
    ),
    Pair("Glance 5 户外摄像头能淋雨吗？", "可以。Glance 5 的防护等级是 IP65，可以装在屋檐外面淋雨。", "BN-WC5"),
    Pair("Glance 5 能插多大的存储卡？", "Glance 5 支持最大 256 GB 的 microSD 卡，包装里不含存储卡。", "BN-WC5"),
    Pair("东北冬天很冷，Glance 5 装在室外能用吗？", "Glance 5 的工作温度是 -20 到 50 °C，气温低于 -20 °C 的地方不建议装在室外。", "BN-WC5"),
    Pair("Glance 5 一次充电能用多久，画质怎么样？", "Glance 5 拍摄 2K 画面，充满电一般可以用 6 个月，严寒天气会短一些。", "BN-WC5"),
    Pair(
        "Tonal 7 回音壁能挂在墙上吗？", "可以。说明书里附有一页挂墙打孔模板，打孔前先确认墙里没有电线和水管，最好两个人一起装。", "BN-SP7"
    ),
)

COMFORT = (
    Pair("清风 40 空气净化器的 CADR 是多少？", "清风 40 的颗粒物 CADR 是 420 m³/h。", "BN-AP40"),
    Pair("清风 40 适合多大的房间？", "清风 40 的适用面积是 28-50 m²，一般的客厅和主卧都够用。", "BN-AP40"),
    Pair("清风 40 的滤网多久换一次？", "清风 40 的滤网建议每 6 个月更换一次，空气污染重的地方可以早一点换。", "BN-AP40"),
    Pair("清风 40 晚上开会不会吵？", "清风 40 的噪音是 33-64 dB，睡眠模式只有 33 dB，屏幕和指示灯也会熄灭。", "BN-AP40"),
    Pair(
        "清风 40 面板上出现 F 开头的代码怎么办？",
        "F1 到 F6 是故障代码，比如 F1 是滤网没装好或后盖没盖好。处理办法见说明书的故障代码表。",
        "BN-AP40",
    ),
    Pair("Warmly 12 油汀的功率多大，有几挡？", "Warmly 12 的最大功率是 2000 W，有 3 挡可以调节。", "BN-HT12"),
    Pair(
        "Warmly 12 被小孩碰倒了会着火吗？",
        "Warmly 12 装有倾倒断电开关，机身一倒就会自动断电，扶正后才能重新开机。"
        "2025 年 7 月至 9 月生产的部分取暖器这个开关可能失灵，已经召回，请先用序列号查一下。",
        "BN-HT12",
    ),
    Pair("Warmly 12 要离窗帘和沙发多远？", "Warmly 12 正面要留出 1.2 m，背面和两侧各留 0.3 m，窗帘和沙发也算障碍物。", "BN-HT12"),
)

ORDERS = (
    Pair("怎么查我的快递到哪里了？", "登录后在“我的订单”里点“查看物流”就能看到包裹的位置，发货时我们也会发一封带运单号的邮件。"),
    Pair("大陆满多少钱包邮？", "订单实付满 299 元包邮，不满 299 元收取运费 12 元；新疆、西藏每单 25 元，不参与包邮。", regions="CN"),
    Pair("你们发什么快递，几天能到？", "中国大陆的订单默认发顺丰，发出后一般 2-3 天送达，江浙沪皖 1-2 天。", regions="CN"),
    Pair("今天下单今天能发货吗？", "16:00 前付款的现货订单当天发出，16:00 之后付款的次日发出，周日和法定节假日不发货。", regions="CN"),
    Pair("下单后能改收货地址吗？", "发货前可以在订单页自行修改一次；包裹发出后请联系客服转寄，转寄费 10 元。", regions="CN"),
    Pair("能寄到香港、澳门或者台湾吗？", "香港、澳门和台湾的地址目前不能在中文商城下单。", regions="CN"),
    Pair("东西缺货了还会补吗？", "会。在商品页点“到货通知”并留下邮箱，补货当天会给您发邮件。到货通知不占库存，先付款的先发货。"),
    Pair("预售的商品什么时候发货？", "预售商品按商品页写明的日期发货，发货当天会给您发邮件。发货日的前一天以前可以随时取消。"),
    Pair("优惠券可以叠加使用吗？", "一笔订单只能用 1 张优惠券，但可以和会员积分、礼品卡一起使用。优惠券过期以后不补发。"),
    Pair("怎么给购买的商品写评价？", "收到商品后 60 天内，在“我的订单”里点“评价”就可以写，最多上传 9 张图片。发布以后可以修改 1 次。"),
)

PAYMENT = (
    Pair("可以用支付宝或者微信付款吗？", "可以。我们接受 Visa、Mastercard、PayPal、Apple Pay、支付宝和微信支付。"),
    Pair("可以货到付款吗？", "不支持货到付款，请在下单后 48 小时内在线付款，超时订单会自动取消。"),
    Pair("可以分期付款吗？", "分期付款只在美国开放，订单满 150 美元可以分 3、6 或 12 期，其他地区暂时不能分期。"),
    Pair("电子发票什么时候能收到？", "发货后 24 小时内，电子普通发票会发到您的下单邮箱。没有收到的话，请先看一下垃圾邮件箱。"),
    Pair("公司买能开增值税专用发票吗？", "可以。请提供公司名称、税号、地址电话、开户行和账号，审核通过后 5 个工作日内开出。", regions="CN"),
    Pair("发票抬头写错了怎么办？", "公司名称或个人抬头写错的，开票后 30 天内可以申请换开，每张发票限换开 1 次。"),
)

ACCOUNT = (
    Pair("怎么联系人工客服？", "中文热线 400-555-0142，周一至周六 9:00-18:00。发邮件到 support@brightnook.example 的，1 个工作日内回复。"),
    Pair("会员积分怎么算？", "每消费 1 美元积 1 分，其他币种按付款当天的汇率折算。每 100 积分抵 5 美元。"),
    Pair("积分会过期吗？", "连续 12 个月没有购物的，账户里的积分全部失效；只要期间再买一次，有效期就重新计算。"),
    Pair("忘记登录密码怎么办？", "在登录页点“忘记密码”，输入注册邮箱或手机号，用收到的 6 位验证码重设密码。验证码 10 分钟内有效。"),
    Pair("怎么注销账户？", "在“账户设置”里点“注销账户”并确认，10 天后生效，这 10 天里随时可以反悔。注销后积分清零。"),
    Pair("说明书弄丢了怎么办？", "每个商品页的“下载”一栏都有 PDF 说明书，不用登录就能下载。"),
    Pair("手机 App 叫什么，支持哪些系统？", "App 叫“亮居智家”（海外叫 Brightnook Home），支持 iOS 16 和 Android 10 及以上版本。"),
)

AFTER_SALES = (
    Pair("买了不喜欢，可以退吗？", "自签收次日起 7 天内，商品完好、配件和赠品齐全的，可以申请无理由退货。", regions="CN"),
    Pair("用了一个星期多就坏了，能换新的吗？", "签收次日起 15 天内出现性能故障的，免费换一台同型号新机，来回运费由我们出。", regions="CN"),
    Pair("退货的钱多久能到账？", "宁波仓签收退货并验货后 3 个工作日内办理退款，款项原路退回。", regions="CN"),
    Pair("收到的包裹少了东西怎么办？", "少件、错发请在签收后 48 小时内联系我们，核实后 24 小时内补发。", regions="CN"),
    Pair("商品保修多久？", "全新商品整机保修 24 个月，充电电池保修 12 个月，官方翻新机保修 6 个月，从签收当天开始计算。"),
    Pair("保修需要什么凭证？", "订单确认邮件、发票或门店小票都可以，拍照也行。不需要注册产品。"),
    Pair("送修要等多久？", "维修需要 10 个工作日，从维修中心收到商品那天算起。"),
    Pair("过了保修期还能修吗，怎么收费？", "可以付费维修。检测费 29 美元，决定维修的免收检测费，报价 15 天内有效。"),
    Pair("序列号在哪里看？", "序列号印在机身底部或背面的标签上（扫地机器人在尘盒下面），也可以在“我的订单”的商品详情里看到。"),
    Pair("退货必须用原来的包装吗？", "请用原包装或结实的纸箱寄回，不接受到付件。", regions="CN"),
    Pair("换下来的旧滤网和旧电池怎么扔？", "旧滤网按干垃圾（其他垃圾）处理。旧电池请交到有害垃圾回收点，不要和生活垃圾一起扔。"),
)

SHEETS: tuple[tuple[str, tuple[Pair, ...]], ...] = (
    ("常见问题", VACUUMS + KITCHEN + SMART_HOME + COMFORT + ORDERS + PAYMENT + ACCOUNT),
    ("售后", AFTER_SALES),
)


def workbook_bytes() -> bytes:
    """The FAQ as the bytes of an XLSX file, the same at every call."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.creator = "Brightnook"
    workbook.properties.created = workbook.properties.modified = WRITTEN
    for title, pairs in SHEETS:
        _fill(workbook.create_sheet(title), pairs)
    return _repacked(_saved(workbook))


def _fill(sheet: Worksheet, pairs: Sequence[Pair]) -> None:
    sheet.append(COLUMNS)
    for pair in pairs:
        sheet.append((pair.question, pair.answer, pair.products or None, pair.regions or None))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"


def _saved(workbook: Workbook) -> bytes:
    buffer = BytesIO()
    # Workbook.save would replace the modification date by the clock's; the writer beneath it keeps ours.
    ExcelWriter(workbook, ZipFile(buffer, "w")).save()
    return buffer.getvalue()


def _repacked(archive: bytes) -> bytes:
    """The same archive with fixed dates and without compression, whose bytes differ between zlib builds."""
    buffer = BytesIO()
    with ZipFile(BytesIO(archive)) as old, ZipFile(buffer, "w", ZIP_STORED) as new:
        for name in sorted(old.namelist()):
            member = ZipInfo(name, ZIP_EPOCH)
            member.create_system = UNIX
            member.external_attr = 0o644 << 16
            new.writestr(member, old.read(name))
    return buffer.getvalue()


def main(arguments: Sequence[str]) -> int:
    """Write the workbook to the path given as the only argument; 0 when it was written, 2 for a wrong call."""
    if len(arguments) != 1:
        print("usage: python -m kb.sample.generator.faq_zh OUT.xlsx", file=sys.stderr)
        return 2
    write_atomic(Path(arguments[0]), workbook_bytes())
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

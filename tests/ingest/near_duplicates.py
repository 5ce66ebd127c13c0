"""Pairs of texts that a shop's operator would or would not call duplicates, written before any threshold was chosen."""

from dataclasses import dataclass

MANUAL = """Crema 500 espresso machine: user manual
Before first use, rinse the water tank and run two cycles without coffee. Fill the tank with fresh cold water up to the MAX mark.
The tank holds 1.8 litres. Place the machine on a level, heat-resistant surface at least 10 cm from the wall. Press Power. The
lamp blinks while the machine heats up and stays lit after about 45 seconds. Put ground coffee into the filter, tamp it lightly
and turn the portafilter to the right until it locks. Press the cup symbol once for 40 ml or twice for 80 ml. Descale the machine
every 200 cups, or when the orange lamp lights up. Use only the descaler supplied; vinegar damages the seals. Pour one sachet into
the tank, fill it to the MAX mark and hold both buttons for 5 seconds. The programme takes 25 minutes. Error E01 means that the
tank is empty. Error E02 means that the machine is too hot: wait 10 minutes. The guarantee is 24 months."""

OTHER_MANUAL = """Breeze 20 tower fan: user manual
Attach the base with the four screws supplied before you plug the fan in. Keep the grille free of curtains and never put fingers
through it. Choose one of three speeds with the dial. In night mode the fan runs at the lowest speed and the display goes dark.
The timer switches the fan off after one to eight hours. Press swing to let the tower turn through 70 degrees. Clean the grille
once a month with a vacuum cleaner and a soft brush. Unplug the fan first. Store it upright and dry in winter. If the fan does not
start, check the plug and the fuse, then turn the dial to zero and back. The guarantee is 24 months and covers the motor as well."""

POLICY = """Returns
You may return goods within 30 days of delivery, without giving a reason. Tell us by e-mail or with the form in your account, and
pack the goods safely; the original box is welcome but not needed. Returning is free within the European Union if you use our
label. From elsewhere you bear the cost. We pay the price and the standard delivery back within 14 days after the parcel has
reached us, by the means with which you paid. If the goods have been used more than is needed to try them out, we may deduct their
loss in value. Opened software, hygiene articles and goods made to measure cannot be returned. Faulty goods are another matter:
see Guarantee."""

POLICY_IN_OTHER_WORDS = """Sending things back
Changed your mind? No problem. For a month after your parcel arrives you can hand everything back to us, whatever your motive.
Write us a short message first. The label is on us for customers in the EU; everybody else has to buy postage. Your money is with
you two weeks after we have received the box, on the same card or account. Please do not wear or damage items: in that case we
refund less. Underwear, software whose seal is broken and personalised presents are excluded. For defects have a look at the page
about warranty."""

ZH_MANUAL = """Crema 500 意式咖啡机使用说明书
首次使用前，请冲洗水箱，并在不放咖啡粉的情况下运行两次。向水箱注入清洁的冷水至最高刻度，水箱容量为1.8升。请将机器放在平整、耐热的台面上，距离墙壁至少10厘米。
按下电源键，指示灯闪烁表示正在加热，约45秒后常亮。将咖啡粉放入滤网，轻轻压实，向右转动手柄直至锁紧。按一次杯形键出40毫升，按两次出80毫升。
每制作200杯，或橙色指示灯亮起时，请进行除垢。请只使用随机附带的除垢剂，醋会损坏密封圈。将一袋除垢剂倒入水箱，加水至最高刻度，同时按住两个按键5秒，程序持续25分钟。
错误E01表示水箱缺水。错误E02表示机器过热，请等待10分钟。保修期为24个月。"""

ZH_OTHER_MANUAL = """Breeze 20 塔式风扇使用说明书
接通电源之前，请用附带的四颗螺丝装好底座。请勿让窗帘贴近网罩，切勿将手指伸入网罩。
转动旋钮可选择三档风速。夜间模式下风扇以最低档运行，显示屏熄灭。定时器可在一至八小时后自动关机。按下摆头键，风扇可左右转动七十度。
请每月用吸尘器和软毛刷清洁网罩一次，清洁前先拔下插头。冬季请直立存放于干燥处。如果风扇无法启动，请检查插头和保险丝，然后将旋钮转到零位再转回。保修期为24个月，电机同样在保修范围内。"""

ZH_POLICY = """退货政策
自收货之日起30天内，您可以无理由退货。请通过电子邮件或账户中的表单告知我们，并妥善包装商品；如有原包装盒更好，但并非必需。使用我们提供的运单，中国大陆地区退货免运费；其他地区的运费由您承担。
我们在收到包裹后14天内，按原支付方式退还货款和标准运费。如果商品的使用超出了试用所需的程度，我们可能会扣除相应的折旧费用。已拆封的软件、卫生用品和定制商品不予退货。
有质量问题的商品另行处理，请参阅保修条款。"""

ZH_POLICY_IN_OTHER_WORDS = """关于退换
买错了或不喜欢？没关系，包裹到手一个月之内都可以寄回来，不用说明原因。先给客服留言即可。大陆顾客的快递费由本店出，港澳台及海外顾客请自付邮费。
钱会在仓库签收后两周内原路返回。请不要弄脏或损坏物品，否则只能退还一部分。内衣、拆了封的软件、刻字礼品不在此列。若是故障，请看质保页面。"""


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two texts, and whether they are duplicates or nearly so."""

    name: str
    first: str
    second: str
    duplicate: bool


def _changed(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


EN_NUMBERS = (("500", "600"), ("1.8", "2.2"), ("45 sec", "38 sec"), ("200 cups", "250 cups"), ("E01", "F11"), ("E02", "F12"), ("24", "36"))
ZH_NUMBERS = (("500", "600"), ("1.8", "2.2"), ("45秒", "38秒"), ("200杯", "250杯"), ("E01", "F11"), ("E02", "F12"), ("24", "36"))
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
KETTLE = "Is the kettle dishwasher safe?\nNo. Wipe it with a damp cloth and descale it once a month."
ZH_KETTLE = "水壶可以放进洗碗机吗？\n不可以。请用湿布擦拭，并且每个月除垢一次。"
VOUCHER = "How long is a voucher valid?\nA voucher is valid for three years from the end of the year in which it was bought."
ZH_VOUCHER = "礼品卡的有效期是多久？\n礼品卡自购买当年年底起三年内有效。"

PAIRS = (
    # Nearly the same
    LabelledPair("model numbers", MANUAL, _changed(MANUAL, *EN_NUMBERS), True),
    LabelledPair("model numbers zh", ZH_MANUAL, _changed(ZH_MANUAL, *ZH_NUMBERS), True),
    LabelledPair("one day changed", POLICY, _changed(POLICY, ("30 days", "45 days")), True),
    LabelledPair("one day changed zh", ZH_POLICY, _changed(ZH_POLICY, ("30天", "45天")), True),
    LabelledPair("case and white space", POLICY, POLICY.upper().replace("\n", "\n\n   "), True),
    LabelledPair("full-width digits and line breaks", ZH_POLICY, ZH_POLICY.translate(FULL_WIDTH).replace("，", "，\n"), True),
    LabelledPair("a sentence less", POLICY, POLICY.replace("From elsewhere you bear the cost.", ""), True),
    LabelledPair("a sentence less zh", ZH_POLICY, ZH_POLICY.replace("其他地区的运费由您承担。", ""), True),
    LabelledPair("a greeting more", POLICY, "Dear customer, thank you for shopping with us.\n" + POLICY, True),
    LabelledPair("a greeting more zh", ZH_POLICY, "亲爱的顾客，感谢您光临本店。\n" + ZH_POLICY, True),
    LabelledPair("paragraphs in another order", MANUAL, "\n".join(reversed(MANUAL.split("\n"))), True),
    LabelledPair("paragraphs in another order zh", ZH_MANUAL, "\n".join(reversed(ZH_MANUAL.split("\n"))), True),
    LabelledPair("a paragraph rewritten", MANUAL, MANUAL[: MANUAL.index("Error E01")] + "If a lamp is red, call us.", True),
    LabelledPair("a paragraph rewritten zh", ZH_MANUAL, ZH_MANUAL[: ZH_MANUAL.index("错误E01")] + "如果红灯亮起，请联系客服。", True),
    LabelledPair("faq punctuation", KETTLE, KETTLE.replace("safe?", "safe").replace("No.", "No,"), True),
    LabelledPair("faq punctuation zh", ZH_KETTLE, ZH_KETTLE.replace("？", "?").replace("，", ","), True),
    LabelledPair("faq a word", VOUCHER, VOUCHER.replace("was bought", "was purchased"), True),
    LabelledPair("faq a word zh", ZH_VOUCHER, ZH_VOUCHER.replace("是多久", "多久"), True),
    # Not the same
    LabelledPair("two manuals", MANUAL, OTHER_MANUAL, False),
    LabelledPair("two manuals zh", ZH_MANUAL, ZH_OTHER_MANUAL, False),
    LabelledPair("in other words", POLICY, POLICY_IN_OTHER_WORDS, False),
    LabelledPair("in other words zh", ZH_POLICY, ZH_POLICY_IN_OTHER_WORDS, False),
    LabelledPair("a translation", POLICY, ZH_POLICY, False),
    LabelledPair("half of it", MANUAL, MANUAL[: len(MANUAL) // 2], False),
    LabelledPair("half of it zh", ZH_MANUAL, ZH_MANUAL[: len(ZH_MANUAL) // 2], False),
    LabelledPair("a shared paragraph", MANUAL, OTHER_MANUAL + "\n" + MANUAL[MANUAL.index("Error E01") :], False),
    LabelledPair("a shared paragraph zh", ZH_MANUAL, ZH_OTHER_MANUAL + "\n" + ZH_MANUAL[ZH_MANUAL.index("错误E01") :], False),
    LabelledPair("another chapter half", POLICY, POLICY[: POLICY.index("We pay")] + OTHER_MANUAL[300:700], False),
    LabelledPair("faq of two things", KETTLE, "Is the toaster dishwasher safe?\nNo. Take the crumb tray out and shake it.", False),
    LabelledPair("faq of two things zh", ZH_KETTLE, "面包机可以放进洗碗机吗？\n不可以。请取出接屑盘并倒掉碎屑。", False),
    LabelledPair("faq same question, other answer", VOUCHER, "How long is a voucher valid?\nUnlimited, if its text is silent.", False),
    LabelledPair("faq same question, other answer zh", ZH_VOUCHER, "礼品卡的有效期是多久？\n长期有效，卡面另有说明的除外。", False),
    LabelledPair("faq in other words", KETTLE, "Can my kettle go into the dishwasher?\nPlease do not; clean it by hand.", False),
    LabelledPair("faq in other words zh", ZH_KETTLE, "洗碗机能洗水壶么？\n请手洗，每月清除水垢。", False),
)

"""The manual of the smart home hub Nestlink Hub 20, put together from its chapters."""

from kb.sample.generator.hub_api import API
from kb.sample.generator.hub_basics import CLOSING, OPENING
from kb.sample.generator.hub_devices_home import HOME_DEVICES
from kb.sample.generator.hub_devices_safety import SAFETY_DEVICES
from kb.sample.generator.hub_errors import errors_chapter
from kb.sample.generator.hub_settings import settings_chapter
from kb.sample.generator.hub_symptoms import SYMPTOMS
from kb.sample.generator.manual import Manual


def _text() -> str:
    devices = [device.chapter() for device in (*HOME_DEVICES, *SAFETY_DEVICES)]
    return "\n\n".join([OPENING, *devices, settings_chapter(), API, errors_chapter(), SYMPTOMS, CLOSING])


MANUAL = Manual(
    file="smart-hub-nestlink-20.pdf",
    model="BN-HB20",
    name="Nestlink Hub 20",
    tagline="Smart home hub for Zigbee, Thread, Wi-Fi and Matter",
    revision="Revision 5.3, February 2026",
    text=_text(),
)

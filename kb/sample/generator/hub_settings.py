"""The hub's reference of settings: group, then name | preset | range | what it does."""

SETTINGS: dict[str, str] = {
    "Hub": """Name of the hub | Nestlink | 1-24 characters | Shown in the app and as NAME.local in the network
Time zone | by country | list | Basis of all plans and of sunrise
Place | by post code | 10 m steps | Used for sunrise and weather
Units | metric | metric, US | Degrees, litres and kilometres or their US counterparts
Light ring brightness | 60 % | 0-100 % | Alarms ignore it
Button | all functions | all functions, pairing off, off | "Off" still allows the factory reset
Tone volume | 50 % | 0-100 % | Confirmation tones of the hub
Language of the hub | by app | 11 languages | Spoken messages and the web page
Quiet hours | off | any span | No tones, no ring apart from alarms""",
    "Network": """Address | automatic | automatic, fixed | A fixed one needs mask, gateway and DNS
Wi-Fi band | automatic | automatic, 2.4, 5 GHz | See the chapter Network
Wi-Fi power | 100 % | 25-100 % | Lower it when Zigbee is disturbed
Zigbee channel | 15 | 11, 15, 20, 25 | A change takes 10 minutes
Zigbee power | 12 dBm | 0-20 dBm | More than 14 dBm is not allowed in every country
Thread network | own | own, join existing | Joining needs the key of the other border router
IPv6 | on | on, off | Matter does not work without it
Proxy | none | host and port | For the cloud connection only
Time server | pool | host | Must answer on port 123""",
    "Safety": """Alarm delay to leave | 30 s | 0-120 s | Counts from arming
Alarm delay to enter | 20 s | 0-120 s | Not for windows
Siren time | 180 s | 10-300 s | For all sirens together
Arm when everybody is away | ask | off, ask, on | After 10 minutes of absence
Simulate presence | off | on, off | Repeats the lamps of the last 7 evenings
Fire action | all lamps on | rule | Also opens shutters
Water action | close valve | rule | Runs before any message is sent
Tamper alarm | on | on, off | Contacts, keypad and siren""",
    "Devices": """Polling of mains devices | 60 s | 10-600 s | Shorter times load the mesh
Lost after, mains | 10 min | 2-60 min | Then H-121 appears
Lost after, battery | 2 h | 1-24 h | Then H-122 appears
Battery warning | 15 % | 5-40 % | One message a week
Update of devices | at night | off, at night, at once | A lamp takes about 40 minutes
Names by voice | on | on, off | Reads the name of a new device aloud
Foreign clusters | off | on, off | Shows raw values of unknown devices""",
    "Rules": """Pause all rules | off | 1-72 h | Alarms go on
Loop guard | 20 a minute | 10-100 a minute | Then H-163 appears
Log of rules | 14 days | 1-90 days | Needs about 2 MB a day
Weather source | regional | list, off | Updated every 30 minutes
Sunrise offset | 0 min | -120 to 120 min | For all rules together
Holiday calendar | by country | list, off | For rules "on working days" """,
    "Account and privacy": """Access from afar | on | on, off | Off cuts the cloud completely
Two-step sign-in | off | on, off | Compulsory for opening locks from afar
Session of the app | 90 days | 1-365 days | Afterwards the password is asked for
Help us improve | off | on, off | Diagnostic data, kept for 90 days
Camera clips in the cloud | off | on, off | Kept for 30 days
Log of sign-ins | 180 days | 30-365 days | Cannot be switched off
Support access | off | 1-48 h | Ends by itself""",
    "Backup": """Automatic backup | 3:30 | any time, off | Takes about 2 minutes
Kept in the hub | 7 | 3-14 | Oldest is deleted first
Kept on the stick | 30 | 7-120 | Needs about 40 MB each
Backup before updates | on | on, off | Counts as one of those kept
Message when it fails | on | on, off | Once a day until it succeeds""",
    "Energy": """Currency | by country | list | For costs
Price | 0.30 a kWh | 0-2 | Up to 3 prices by time of day
Measuring interval | 10 s | 5-300 s | For meters and plugs
Kept values | 24 months | 6-60 months | By the hour
Day report | 20:00 | any time, off | Compares with the week before""",
}


def settings_chapter() -> str:
    """The chapter in markup: one section and one table a group."""
    parts = ["# Settings reference", "All settings of the hub, in the order of its menu. Settings of devices stand in their chapters."]
    for group, rows in SETTINGS.items():
        table = "\n".join(f"| {row.strip()} |" for row in ("Setting | Preset | Range | Remark", *rows.splitlines()))
        parts += [f"## {group}", table]
    return "\n\n".join(parts)

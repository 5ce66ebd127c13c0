"""The hub's device chapters, second half: doors, safety, water, garden, media, Brightnook's own devices."""

from kb.sample.generator.hub_device import HubDevice

SAFETY_DEVICES: tuple[HubDevice, ...] = (
    HubDevice(
        "Door and window contact",
        "Two parts with a magnet. The gap between them may be 18 mm at most.",
        "Zigbee 3.0", "cell CR2032, about 24 months", "at every change", 64,
        """Pull the strip out.
        Hold the key for 3 seconds until the light blinks.
        Stick both parts on, arrows facing one another.""",
        """Report open after | 0 s | 0-600 s
        Reminder when open for | 15 min | off to 24 h
        Tamper report | on | on, off""",
        "On steel doors put a spacer of 5 mm beneath the magnet. A missing contact is reported after 2 hours with H-122.",
    ),
    HubDevice(
        "Motion sensor",
        "An infrared sensor with a view of 120 degrees over 8 m, with a brightness meter.",
        "Zigbee 3.0", "two AAA cells, about 30 months", "at motion", 40,
        """Insert the cells.
        Hold the key inside for 5 seconds.
        Mount it at a height of 2.2 m, not opposite a window.""",
        """Blind time | 60 s | 10-600 s
        Sensitivity | middle | low, middle, high
        Only below | 40 lux | 1-1000 lux
        Pet mode up to | off | 15 kg, 25 kg, off""",
        "Pet mode ignores the lowest 80 cm. Cats that jump on shelves still set it off.",
        "Red, single | Motion in test mode\nRed, three times | Battery below 10 %",
    ),
    HubDevice(
        "Presence radar",
        "A radar at 24 GHz that also notices people who sit still, up to 6 m away.",
        "Wi-Fi 2.4 GHz", "USB-C, 5 V and 1 A", "every second", 10,
        """Plug the radar in and leave the room for 60 seconds.
        Press its key for 4 seconds.
        Follow the app.""",
        """Zones | 1 | 1-4
        Empty after | 30 s | 5-300 s
        Reach | 6 m | 1-6 m
        Ignore fans | on | on, off""",
        "The radar sees through thin walls. Shorten the reach if the next room disturbs it.",
    ),
    HubDevice(
        "Smoke alarm",
        "An optical smoke alarm that also sounds without the hub, at 85 dB.",
        "Zigbee 3.0", "sealed battery, 10 years", "test once a day", 24,
        """Turn the alarm onto its plate.
        Press the test button three times within 2 seconds.
        The alarm chirps once.""",
        """All alarms sound together | on | on, off
        Lamps on at alarm | on | on, off
        Silence at cooking | 10 min | 5-15 min""",
        "Mount one in every bedroom and corridor, in the middle of the ceiling and 50 cm from walls. Replace the alarm after 10 years; the date is on its side.",
        "Red, every 48 seconds | In order\nRed, fast | Smoke\nYellow | Fault or end of life",
    ),
    HubDevice(
        "Carbon monoxide alarm",
        "Warns at 50 ppm after 60 minutes, at 100 ppm after 10 minutes and at 300 ppm within 3 minutes.",
        "Zigbee 3.0", "sealed battery, 7 years", "every 4 hours", 12,
        """Hang the alarm at breathing height, 1 to 3 m from the boiler.
        Hold the test button for 10 seconds.
        Wait for two chirps.""",
        """Boiler off at alarm | on | on, off
        Ventilation on at alarm | on | on, off
        Remember the peak | 30 days | 1-90 days""",
        "Open windows and leave the home when it sounds. Sprays, solvents and fresh paint can set it off; keep it away for 24 hours while you paint.",
    ),
    HubDevice(
        "Water leak sensor",
        "A flat sensor with three gold-plated feet and a cable probe of 1.2 m.",
        "Zigbee 3.0", "cell CR2450, about 36 months", "at once when wet, battery once a day", 40,
        """Pull the strip out.
        Touch two feet with a wet finger for 2 seconds.
        The sensor beeps and pairs by itself.""",
        """Tone of the sensor | on | on, off
        Close the main valve | on | on, off
        Remind until dry | 10 min | 1-60 min""",
        "Lay it below the washing machine, the sink and the boiler. Wipe the feet every 6 months; a film of lime makes them blind.",
    ),
    HubDevice(
        "Main water valve",
        "A motor that turns an existing ball valve of up to 1 inch by 90 degrees in 8 seconds.",
        "Zigbee 3.0", "mains adapter 12 V, spare battery for one closing", "at every change", 2,
        """Clamp the motor on the pipe, with its axle over that of the valve.
        Press its key for 7 seconds.
        Let it turn once in each direction.""",
        """Exercise | monthly | weekly, monthly, off
        Close when away for | off | 1-14 days
        Close at power cut | off | on, off""",
        "Pull the ring to turn the valve by hand. The motor's force is 6 Nm; oil a stiff valve before you mount it.",
        "Green | Open\nRed | Closed\nRed, blinking | The valve is stuck",
    ),
    HubDevice(
        "Door lock",
        "A motor lock over the inner key, for cylinders that can be locked from both sides.",
        "Bluetooth LE or Thread", "four AA cells, about 9 months", "at every change", 6,
        """Put the key in and clamp the lock over it.
        Teach the positions open and locked in the app.
        Hold the knob for 5 seconds and scan the Matter code.""",
        """Lock after closing | off | 10-300 s
        Pull the latch | off | on, off
        Night lock | 22:00 | any time, off
        One-time codes | 10 | 1-50""",
        "The mechanical key always works. At 20 % battery the lock warns once a day; at 5 % it no longer locks by itself. Codes can be limited to weekdays and hours.",
        "Green | Unlocked\nRed | Locked\nViolet | Turn blocked, pull the door towards you",
    ),
    HubDevice(
        "Garage door opener",
        "A relay with tilt sensor for door drives with a push-button input.",
        "Wi-Fi 2.4 GHz", "mains adapter 5 V", "at every change", 4,
        """Join the relay to the two push-button terminals of the drive.
        Stick the tilt sensor to the upper panel of the door.
        Press the key of the relay for 6 seconds.""",
        """Warning tone before moving | 5 s | 5-10 s
        Close when left open for | off | 5-120 min
        Opening from afar | off | on, off""",
        "Closing from afar is possible only for drives with a light barrier. The warning tone cannot be switched off.",
    ),
    HubDevice(
        "Doorbell",
        "A video doorbell for existing chime wiring of 8 to 24 V, or with its battery.",
        "Wi-Fi 2.4 and 5 GHz", "chime transformer or battery, about 4 months", "at ringing or motion", 4,
        """Switch off the fuse of the chime.
        Join the two wires and screw the bell on.
        Hold its key for 8 seconds and show it the code in the app.""",
        """Chime at home | on | on, off
        Motion zone | 3 m | 1-8 m
        Answer by itself after | off | 10-60 s
        Package detection | on | on, off""",
        "Quiet hours silence the chime in the house while the telephone still rings. The gong needs at least 10 VA.",
    ),
    HubDevice(
        "Outdoor camera Glance 5",
        "The camera BN-WC5 shows its live picture on the hub's page and starts rules with its detection of persons.",
        "Wi-Fi 2.4 and 5 GHz", "battery, about 6 months", "at events", 12,
        """Set the camera up in the app Brightnook Home first.
        Open Devices, plus, Brightnook cameras.
        Tick the camera and confirm with your password.""",
        """Picture on the wall panel | on | on, off
        Rule at person | none | any rule
        Spotlight as lamp | off | on, off
        Privacy while at home | off | on, off""",
        "With \"privacy while at home\" the camera does not record as long as somebody is present. Clips stay on the camera's card, not on the hub.",
    ),
    HubDevice(
        "Indoor siren",
        "A siren with 100 dB and a flashing light, useful also as a gong with 18 tones.",
        "Zigbee 3.0", "mains, spare battery for 8 hours", "every 10 minutes", 8,
        """Plug the siren in.
        Press its key three times.
        Wait for a short tone.""",
        """Longest alarm | 180 s | 10-300 s
        Volume of the gong | 40 % | 0-100 %
        Alarm when unplugged | on | on, off""",
        "In many places an alarm may not sound outdoors for longer than 3 minutes; this siren is made for indoors only.",
    ),
    HubDevice(
        "Keypad",
        "Arms and disarms the alarm with a code of 4 to 8 digits or with a tag.",
        "Zigbee 3.0", "four AAA cells, about 16 months", "at every entry", 4,
        """Insert the cells.
        Hold 1 and 9 together for 4 seconds.
        Choose the code of the administrator.""",
        """Delay to leave | 30 s | 0-120 s
        Delay to enter | 20 s | 0-120 s
        Wrong codes before blocking | 4 | 3-10
        Panic key | off | on, off""",
        "After too many wrong codes the keypad is blocked for 5 minutes. A code entered backwards disarms and sends a silent message.",
        "Green | Disarmed\nRed | Armed\nYellow | A window is open",
    ),
    HubDevice(
        "Garden irrigation valve",
        "A valve for the garden tap with two outlets, for pressures from 0.5 to 8 bar.",
        "Zigbee 3.0", "four AA cells, one season", "every 15 minutes, while watering every minute", 8,
        """Screw the valve to the tap.
        Hold key A for 5 seconds.
        Open both outlets once by hand.""",
        """Longest watering | 60 min | 1-240 min
        Skip after rain of | 5 mm | 1-20 mm
        Soil moisture above | 45 % | 10-90 %
        Frost warning | 3 °C | 0-5 °C""",
        "Bring the valve indoors before the first frost. If the radio fails, the valve closes by itself at the end of the longest watering.",
    ),
    HubDevice(
        "Weather station",
        "Measures wind, rain, brightness and temperature on the roof or a pole.",
        "Wi-Fi 2.4 GHz", "solar cell and battery", "every 2 minutes", 2,
        """Mount the station upright, 1.5 m above the roof edge.
        Turn the arrow to the north.
        Press the key for 5 seconds.""",
        """Height above sea | 0 m | -400 to 4000 m
        Rain counter reset | midnight | any time
        Storm above | 60 km/h | 30-120 km/h""",
        "Clean the rain funnel every 3 months. Bird droppings on the solar cell are the most frequent cause of an empty battery.",
    ),
    HubDevice(
        "Soundbar Tonal 7",
        "The soundbar BN-SP7 is switched over the television or by Bluetooth LE.",
        "Bluetooth LE", "mains adapter", "at every change", 3,
        """Switch the soundbar to stand-by.
        Hold source on the soundbar for 7 seconds.
        Open pairing on the hub within 8 m.""",
        """Volume limit | 70 % | 10-100 %
        Night mode from | 22:00 | any time, off
        Gong of the doorbell | on | on, off""",
        "The hub cannot send music to the soundbar; it switches, sets the volume, and plays the gong.",
    ),
    HubDevice(
        "Robot vacuums Rovo 310 and 320",
        "Both robots start by rule, for example when everybody has left, and report errors to the hub.",
        "Wi-Fi 2.4 GHz", "own battery", "every 30 seconds while cleaning", 4,
        """Set the robot up in the app Brightnook Home.
        Open Devices, plus, Brightnook robots.
        Choose the stored plan of the floor.""",
        """Start when away for | off | 5-120 min
        Rooms | all | stored rooms
        Go home on arrival | on | on, off
        Report full dustbin | on | on, off""",
        "A rule that starts the robot twice within 3 hours is ignored. Robot codes R01 to R14 appear in the hub's log in plain words.",
    ),
    HubDevice(
        "Air purifier Qingfeng 40",
        "The purifier BN-AP40 follows the air quality sensor of its room and shows the remaining life of its filter.",
        "Wi-Fi 2.4 GHz", "mains", "every 60 seconds", 6,
        """Connect the purifier to Wi-Fi.
        Open Devices, plus, Brightnook air.
        Choose the room.""",
        """Boost above | 75 μg | 35-150 μg
        Silent from | 22:00 | any time, off
        Stop at open window | on | on, off
        Filter reminder | 14 days before | 0-30 days""",
        "With \"stop at open window\" the purifier pauses as long as a contact of the same room is open, for 2 hours at most.",
    ),
    HubDevice(
        "Heater Warmly 12",
        "The heater has no radio of its own. The hub can measure it with a smart plug but must never switch it.",
        "by smart plug with meter", "mains", "every 10 seconds", 4,
        """Do not put the heater on the smart plug as a switch.
        Pair the plug as described in its chapter.
        Choose the type "measure only".""",
        """Warn when running for | 6 h | 1-12 h
        Warn when nobody is at home | on | on, off""",
        "In the type \"measure only\" the relay stays closed and the app shows no switch. The heater's manual forbids timer plugs.",
    ),
    HubDevice(
        "Wall panel",
        "A touch screen of 8 inches with microphone, for up to 4 in one home.",
        "Wi-Fi 5 GHz", "network cable with PoE, or adapter", "continuously", 4,
        """Mount the panel at a height of 1.5 m.
        Scan the code on its screen.
        Choose the pages that it shows.""",
        """Dim after | 60 s | 10-600 s
        Wake at approach | on | on, off
        Microphone | on | on, off
        Lock with PIN | off | 4-8 digits""",
        "The slider at the edge cuts the microphone's power; the red line on the screen proves it.",
    ),
    HubDevice(
        "Energy meter for the fuse box",
        "Three clamps of up to 80 A measure the current of the home and of a solar system.",
        "Wi-Fi 2.4 GHz", "mains", "every 5 seconds", 2,
        """Let an electrician place the clamps, arrows towards the home.
        Press the key for 5 seconds.
        Name each phase.""",
        """Price of a kWh | 0.30 | 0-2
        Solar phase | none | L1, L2, L3
        Warn above | 7 kW | 1-55 kW""",
        "A negative value means that a clamp sits the wrong way round; tap Turn in the app instead of opening the fuse box.",
    ),
)

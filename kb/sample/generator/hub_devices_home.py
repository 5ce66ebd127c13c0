"""The hub's device chapters, first half: light, climate, shading."""

from kb.sample.generator.hub_device import HubDevice

HOME_DEVICES: tuple[HubDevice, ...] = (
    HubDevice(
        "Dimmable lamp",
        "White lamps with an E27, E14 or GU10 base. They pass on messages for other Zigbee devices, so leave the wall switch on.",
        "Zigbee 3.0", "mains", "at every change, at the latest after 10 minutes", 60,
        """Screw the lamp in and switch it on.
        Switch it off and on five times, one second each.
        The lamp dims twice: it is in pairing.""",
        """Transition | 0.5 s | 0-10 s
        Lowest brightness | 5 % | 1-30 %
        After a power cut | last state | on, off, last state
        Flash on alarm | off | on, off""",
        "Lamps behind a wall dimmer flicker; replace the dimmer by a plain switch. A lamp that answers only at times usually hangs behind a wall "
        "switch that somebody turns off.",
    ),
    HubDevice(
        "Colour lamp and light strip",
        "Lamps and strips that mix 16 million colours and white from 2200 to 6500 K. A strip may be lengthened to 10 m.",
        "Zigbee 3.0 or Thread", "mains adapter 24 V", "at every change", 40,
        """Plug the strip in.
        Hold the button of its controller for 7 seconds until it turns green.
        Open pairing on the hub.""",
        """White follows the day | on | on, off
        Warmest white | 2200 K | 2000-3000 K
        Effect speed | 4 | 1-10
        Length of the strip | 2 m | 1-10 m""",
        "Cutting is allowed every 10 cm, at the scissors mark only. The cut-off rest is lost. In the mode \"follows the day\" the lamp turns warmer from "
        "two hours before sunset.",
    ),
    HubDevice(
        "Smart plug with meter",
        "A plug that switches up to 3680 W and measures what the device behind it uses.",
        "Zigbee 3.0", "mains", "power every 10 seconds, energy every 5 minutes", 50,
        """Push the plug into a socket.
        Hold its button for 5 seconds until it blinks blue.
        Open pairing on the hub.""",
        """Switch off above | 3600 W | 100-3680 W
        Report changes above | 5 W | 1-50 W
        Child lock | off | on, off
        After a power cut | off | on, off, last state""",
        "Never switch heaters with it when nobody is at home. Energy values are kept for 24 months and can be saved as CSV under Energy, Export.",
        "Blue, blinking | Pairing\nGreen | On\nRed | Switched off because of overload",
    ),
    HubDevice(
        "Wall switch module",
        "A module of 42 x 42 mm behind an existing switch, for one or two circuits of up to 400 W.",
        "Zigbee 3.0", "mains, neutral wire needed", "at every change", 48,
        """Let an electrician wire the module and switch the fuse on.
        Press the connected switch six times quickly.
        The lamp flashes: pairing is open for 2 minutes.""",
        """Kind of switch | rocker | rocker, push button
        Circuits joined | no | yes, no
        Switch-off delay | 0 s | 0-3600 s
        Detached mode | off | on, off""",
        "In detached mode the switch starts a scene and the lamp keeps its power, as smart lamps need it. Modules without a neutral wire are not supported.",
    ),
    HubDevice(
        "Scene button",
        "A round button with up to three commands: short, double and long press.",
        "Zigbee 3.0", "cell CR2450, about 24 months", "at every press, battery once a day", 30,
        """Open the back with a coin and pull the strip out.
        Press the small key beside the cell four times.
        The button lights red twice.""",
        """Short press | scene 1 | any scene or rule
        Double press | none | any scene or rule
        Long press | all lamps off | any scene or rule
        Time for a long press | 1 s | 0.5-3 s""",
        "A command takes about 0.2 seconds. When it takes longer than 2 seconds the button has lost its neighbour; press it once beside the hub.",
    ),
    HubDevice(
        "Rotary dimmer",
        "A battery dimmer that turns without end and sticks to the wall with a magnet.",
        "Thread", "two cells CR2032, about 18 months", "while turning, 8 times a second", 20,
        """Take the dimmer off its plate.
        Hold it pressed for 10 seconds.
        Scan the Matter code on the plate.""",
        """Full turn changes | 100 % | 25-100 %
        Press | on or off | on or off, scene
        Turn while pressed | colour temperature | colour temperature, volume, nothing
        Direct link | on | on, off""",
        "With the direct link the dimmer speaks to up to 8 lamps without the hub, also when the hub restarts.",
    ),
    HubDevice(
        "Radiator thermostat",
        "A thermostat for valves with an M30 x 1.5 thread; adapters for three other threads are in its box.",
        "Zigbee 3.0", "two AA cells, about 14 months", "every 5 minutes", 24,
        """Insert the cells and wait for "InS".
        Screw the thermostat on and press once: the motor finds its end.
        Hold the key for 6 seconds until "PAr" appears.""",
        """Comfort temperature | 21 °C | 5-30 °C
        Night temperature | 17 °C | 5-30 °C
        Open window below | -1.5 °C in 3 min | off to -5 °C
        Correction | 0 °C | -5 to 5 °C
        Valve exercise | Saturday 11:00 | any day""",
        "The valve exercise once a week keeps the pin from sticking. If a room stays cold, use a room sensor in place of the one in the thermostat, "
        "which sits in the warm air of the radiator.",
        "Flame symbol | Valve is open\nWindow symbol | Heating pauses for 30 minutes\nBattery symbol | Less than 15 % left",
    ),
    HubDevice(
        "Room thermostat",
        "A wall device with display for underfloor heating and boilers; it switches up to 5 A.",
        "Zigbee 3.0", "mains 230 V", "every minute", 16,
        """Let an electrician wire the thermostat.
        Hold plus and minus for 8 seconds.
        Choose "net" in the display and confirm.""",
        """Hysteresis | 0.5 °C | 0.2-2 °C
        Floor limit | 29 °C | 20-40 °C
        Frost protection | 7 °C | 5-12 °C
        Display at night | off | on, off""",
        "The floor limit protects parquet. With a boiler the thermostat never switches more often than every 4 minutes.",
    ),
    HubDevice(
        "Temperature and humidity sensor",
        "A sensor of 36 mm that measures from -20 to 60 °C with an accuracy of 0.3 °C, and humidity with 3 %.",
        "Zigbee 3.0", "cell CR2032, about 20 months", "every 10 minutes or at a change of 0.3 °C", 40,
        """Pull the strip out.
        Hold the recessed key for 3 seconds with a pin.
        The light blinks three times.""",
        """Mould warning above | 65 % | 50-90 %
        Too cold below | 12 °C | -20 to 30 °C
        Correction of temperature | 0 °C | -3 to 3 °C""",
        "Do not mount it on an outside wall or above a radiator. In the refrigerator the cell lasts about 10 months.",
    ),
    HubDevice(
        "Air quality sensor",
        "Measures carbon dioxide from 400 to 5000 ppm, fine dust and volatile substances.",
        "Wi-Fi 2.4 GHz", "USB-C, 5 V and 1 A", "every 60 seconds", 12,
        """Plug the sensor in and wait for 3 minutes.
        Press its upper side for 5 seconds.
        Choose it in the app and enter the Wi-Fi password.""",
        """Air the room above | 1000 ppm | 800-2000 ppm
        Brightness of the light | 50 % | 0-100 %
        Self-calibration | weekly | weekly, off""",
        "Self-calibration assumes that the room is aired well once a week. If nobody airs for months, values become too low; place the sensor outdoors for 20 minutes "
        "and tap Calibrate.",
        "Green | below 1000 ppm\nYellow | 1000 to 1400 ppm\nRed | above 1400 ppm",
    ),
    HubDevice(
        "Roller shutter module",
        "Drives tubular motors up to 500 W with mechanical or electronic end switches.",
        "Zigbee 3.0", "mains, neutral wire needed", "position every 2 seconds while moving", 32,
        """Let an electrician wire the module.
        Press up, down, up, down and hold up for 4 seconds.
        The shutter moves a hand's breadth: pairing is open.""",
        """Running time | measured | 5-240 s
        Turn of slats | 0 s | 0-5 s
        Position for ventilation | 15 % | 0-50 %
        Lock against storm above | 60 km/h | 20-120 km/h""",
        "After pairing, run Measure: the shutter moves down and up twice. Never join two motors to one module.",
    ),
    HubDevice(
        "Curtain motor",
        "A motor for rails up to 4 m and curtains up to 12 kg. A light pull by hand starts it.",
        "Thread", "built-in battery, USB-C, about 8 months", "at every change", 16,
        """Hang the motor into the rail.
        Hold its key for 6 seconds until it beeps twice.
        Scan the Matter code.""",
        """Speed | medium | slow, medium, fast
        Start by hand | on | on, off
        Soft stop | on | on, off
        Opening direction | left | left, right, both""",
        "At 10 % battery the motor opens the curtain one last time and then rests, so that nobody sits in the dark.",
    ),
    HubDevice(
        "Awning and wind sensor",
        "The wind sensor measures the shaking of the awning and pulls it in.",
        "Zigbee 3.0", "two AAA cells, about 12 months", "at wind, at the latest every hour", 6,
        """Stick the sensor to the front rail, level.
        Press its key for 4 seconds.
        Name the awning that it guards.""",
        """Pull in above | 30 km/h | 15-60 km/h
        Stay in for | 20 min | 5-120 min
        Pull in at rain | on | on, off""",
        "If the sensor is silent for 3 hours, the hub pulls the awning in and shows H-141. A rule cannot overrule this protection.",
    ),
    HubDevice(
        "Ceiling fan controller",
        "Controls fans of up to 150 W in six steps, and the lamp beneath.",
        "Zigbee 3.0", "mains", "at every change", 10,
        """Mount the receiver in the canopy of the fan.
        Switch the power on, and off within 10 seconds; repeat three times.
        The fan hums shortly.""",
        """Start step | 3 | 1-6
        Breeze mode | off | on, off
        Direction | summer | summer, winter
        Switch-off delay | none | 1-12 h""",
        "Change the direction only when the blades stand still. The lamp takes LED bulbs of up to 24 W.",
    ),
    HubDevice(
        "Water heater switch",
        "A contactor for boilers of up to 7.4 kW with its own meter, on a DIN rail.",
        "Wi-Fi 2.4 GHz", "mains", "every 30 seconds", 4,
        """Let an electrician mount the switch.
        Press its key for 5 seconds.
        Follow the app.""",
        """Anti-legionella run | Monday 2:00 | any day, off
        Latest switch-off | 4 h | 1-12 h
        Solar surplus only | off | on, off""",
        "The anti-legionella run heats the boiler for 90 minutes. Do not switch it off unless your installer advises so.",
    ),
)

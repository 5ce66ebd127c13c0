"""The hub's error codes H-101 to H-180, in groups: code | meaning | what to do."""

ERROR_GROUPS: dict[str, str] = {
    "Power and hardware": """H-101 | Supply voltage below 4.7 V | Use the adapter BN-HB20-PS and a cable no longer than 1.5 m
H-102 | Hub too hot, above 85 °C inside | Uncover it, move it out of the sun, wait 20 minutes
H-103 | Storage nearly full | Delete old logs under Hub, Storage; keep 500 MB free
H-104 | Storage worn | Make a backup on a stick and have the hub replaced
H-105 | Clock lost the time | Connect to the internet once; have the coin cell replaced
H-106 | Button jammed | Clean around the button; see the reset hole in the chapter Factory reset
H-107 | Light ring does not answer | Restart; the hub works without it
H-108 | Memory test failed | Unplug for 5 minutes; if it returns, call service
H-109 | USB stick draws too much power | Use a stick below 500 mA
H-110 | Zigbee radio does not start | Restart twice; then install the last update again""",
    "Network and internet": """H-111 | No cable and no Wi-Fi | Plug the cable in or repeat the Wi-Fi set-up
H-112 | Wi-Fi password wrong | Hold the button for 5 seconds and enter it again
H-113 | No address from the router | Restart the router, or set a fixed address
H-114 | Address used twice | Give the hub another fixed address
H-115 | No internet | Check the router; rules go on working
H-116 | Cloud not reachable | Open port 8883 outwards in the router
H-117 | Time server not reachable | Open port 123 outwards, or choose another server
H-118 | Wi-Fi signal below -80 dBm | Move the hub or use the cable
H-119 | Sign-in page found | Use a network without a sign-in page
H-120 | Certificate not valid | Check date and time, then restart""",
    "Devices": """H-121 | Mains device lost | Check its wall switch and its fuse
H-122 | Battery device lost for 2 hours | Change the cell, press its button beside the hub
H-123 | Battery nearly empty | Change it within 2 weeks
H-124 | Device answers too late | Add a mains device half-way
H-125 | Too many devices | Remove some: 128 is the limit
H-126 | Too many Zigbee devices | Add a second hub, or use Thread; 96 is the limit
H-127 | Device type unknown | Switch on Foreign clusters, or ask support
H-128 | Pairing without result | Reset the device and start within 2 m
H-129 | Wrong installation code | Read the code again; 0 and O differ
H-130 | Device belongs to another hub | Remove it there or reset it""",
    "Mesh and radio": """H-131 | Zigbee channel disturbed | Change to channel 20 or 25
H-132 | Thread network split | Switch border routers off and on, one after another
H-133 | Thread key differs | Join the network again under Network
H-134 | More than 30 devices on one lamp | Add mains devices near it
H-135 | Message lost three times | Look at the mesh map for red links
H-136 | Bluetooth busy | Fewer than 10 Bluetooth devices, or wait
H-137 | Radio power reduced by law | Check the country in the settings
H-138 | Foreign network with the same number | Let the hub choose a new network number
H-139 | Matter device not verified | Update the device; add it anyway at your own risk
H-140 | Matter code used already | Open sharing in the other system first""",
    "Safety devices": """H-141 | Wind sensor silent for 3 hours | Change its cells; the awning stays in
H-142 | Smoke alarm at the end of its life | Replace the alarm
H-143 | Smoke alarm dirty | Suck it clean from outside and test
H-144 | Carbon monoxide alarm faulty | Replace it at once
H-145 | Water sensor disconnected | Check the probe cable
H-146 | Main valve stuck | Close by hand, oil the valve
H-147 | Lock jammed | Pull the door, adjust the strike plate
H-148 | Lock battery below 5 % | Change four AA cells at once
H-149 | Keypad blocked | Wait 5 minutes
H-150 | Siren without mains power | Plug it in; the battery lasts for 8 hours""",
    "Climate and shading": """H-151 | Valve end not found | Unscrew the thermostat, check the pin, start again
H-152 | Radiator stays cold | Bleed the radiator, look at the boiler
H-153 | Floor too hot | Lower the floor limit; check its sensor
H-154 | Sensor value impossible | Change the cell; replace the sensor
H-155 | Shutter blocked | Remove the obstacle, measure again
H-156 | Running time unknown | Start Measure in the module's settings
H-157 | Curtain too heavy | At most 12 kg; oil the rail
H-158 | Boiler does not react | Check the contactor and its fuse
H-159 | Fan direction changed while turning | Wait until it stands still
H-160 | Window open while heating | Close the window, or wait 30 minutes""",
    "Rules, users, cloud": """H-161 | Rule names a deleted device | Edit the rule
H-162 | Rule took longer than 30 seconds | Split it into two
H-163 | Rules switch one another | Add a condition to one of them
H-164 | More than 200 rules | Join similar rules
H-165 | Scene incomplete | One of its devices did not answer; run it again
H-166 | Account locked | Wait 15 minutes
H-167 | Key of the local API expired | Make a new key
H-168 | Assistant no longer linked | Link it again under Account
H-169 | Location of a person unknown | Allow location in the telephone
H-170 | Weather not available | The rule uses the last value, for 6 hours at most""",
    "Backup and updates": """H-171 | Backup failed, memory full | Free 100 MB in the hub
H-172 | Stick not readable | Format it with exFAT, at least 4 GB
H-173 | Backup has another password | Use the administrator password of that day
H-174 | Backup from a newer version | Update the hub first
H-175 | Restore interrupted | Start it again; the old state is kept
H-176 | Update damaged | The hub loads it again by itself
H-177 | Update failed twice | The former version runs; call support with the log
H-178 | Device update failed | Bring the device closer and try again
H-179 | Partner hub has another version | Update both hubs
H-180 | Memory of events damaged | History of the last day is lost; nothing to do""",
}


def errors_chapter() -> str:
    """The chapter in markup: one section and one table a group."""
    parts = [
        "# Error codes",
        "The app and the web page show the code; the log keeps it for 14 days. Look for the cause in the order of the numbers.",
    ]
    for group, rows in ERROR_GROUPS.items():
        table = "\n".join(f"| {row.strip()} |" for row in ("Code | Meaning | What to do", *rows.splitlines()))
        parts += [f"## {group}", table]
    return "\n\n".join(parts)

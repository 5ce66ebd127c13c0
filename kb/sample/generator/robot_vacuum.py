"""The manuals of the robot vacuums Rovo 310 and Rovo 320: one text, two sets of numbers."""

from string import Template

from kb.sample.generator.manual import Manual

_TEXT = Template("""
# Safety
Read this chapter before the first use and keep the manual. The $name is built for dry floors inside a home; it is not meant
for workshops, balconies, garages or any place that can become wet.

## People and animals
!WARNING: Keep hair, fingers and loose clothing away from the side brush and the main brush while the robot is moving.
- Children from 8 years on may use the robot under supervision. They may not clean it or open the battery cover.
- Do not sit or stand on the robot. Its lid carries at most $lid_load.
- Shut pets away from the first cleaning run until they are used to the sound of $noise.

## Battery and electricity
!WARNING: Use only the lithium-ion pack $battery_code. A swollen, dented or wet pack must not be charged again.
- Plug the dock into a socket with $mains. Never use a travel adapter.
- Charge the robot only where the room is between 5 and 40 °C.
- Pull the plug of the dock before you clean its contacts.
- When the robot will stand unused for more than $storage_weeks weeks, charge it to about half and switch it off at the side.

## Floors
!CAUTION: Do not let the robot pick up glowing ash, liquids, plaster dust or anything longer than 15 cm.
- Lift cables, shoelaces and curtain ends from the floor.
- Carpets with a pile above $pile mm must be blocked off; the brush would wind up the threads.
- Put a barrier before stairs whose edge is black or mirrored, because the drop sensors see dark surfaces poorly.

# What is in the box
| No. | Part | Quantity |
| 1 | Robot $model with battery fitted | 1 |
| 2 | Charging dock with $cable m cable | 1 |
| 3 | Side brush | $side_brushes |
| 4 | Main brush, fitted | 1 |
| 5 | Fine dust filter, one fitted and $spare_filters spare | $all_filters |
| 6 | Mop plate with microfibre cloth | 1 |
| 7 | Cleaning comb with blade | 1 |
| 8 | Quick start card | 1 |

## Parts of the robot
The round button in the middle starts and pauses. The button with the house sends the robot to its dock. The switch at the side
cuts the battery off completely. Under the lid you find the dustbin and the reset pin hole. Underneath sit the two drive wheels,
the front castor, the main brush under its guard, and $drop_sensors drop sensors.

## Lights
| Light | Meaning |
| White, steady | Ready, battery above 20 % |
| White, breathing | Charging |
| Amber, steady | Battery below 20 %, the robot looks for its dock |
| Amber, blinking | Wi-Fi is being set up |
| Red, blinking | An error: the voice names its code |
| Off | Asleep or fully charged for more than 10 minutes |

# Getting started
## Place the dock
1. Choose a straight wall. Leave $dock_side m free on the left and the right of the dock and $dock_front m in front of it.
2. Push the spare cable into the channel at the back of the dock.
3. Plug in. The lamp of the dock lights up for 3 seconds.
4. Do not stand the dock in the sun or next to a radiator.

## First charge
1. Turn the robot over and take off the red strip beside the battery cover.
2. Clip the side brush onto its axle until it clicks.
3. Set the switch at the side to I.
4. Push the robot onto the dock so that both contacts touch. A tone confirms it.
5. Wait until the light goes out. An empty battery takes $charging to charge fully.
!NOTE: Always fill the battery completely before the first cleaning run, otherwise the robot estimates the remaining time wrongly.

## Connect to Wi-Fi
The robot uses the 2.4 GHz band only. Have the name and password of your network at hand.
1. Install the app Brightnook Home and create an account.
2. Tap Add device and choose $name.
3. Press the start button and the house button together for $wifi_seconds seconds until the light blinks amber.
4. Scan the code under the lid with the phone.
5. Wait up to 2 minutes. The robot says "connected".
The robot also cleans without Wi-Fi; plans, maps and the quiet hours then stay unavailable.

# Cleaning
## Start, pause, stop
- Press the round button once to start, once more to pause.
- Press the house button to end the run and return to the dock.
- Lift the robot to stop it at once: the brushes stand still within a second.
On one charge the $name cleans for up to $runtime minutes in Quiet mode, enough for about $area m². When the battery falls to 15 % in
the middle of a run, the robot charges itself and continues where it stopped.

## Suction modes
| Mode | Suction | Sound | Running time |
| Quiet | $suction_quiet Pa | $noise_quiet | $runtime min |
| Standard | $suction_standard Pa | $noise_standard | $runtime_standard min |
| Turbo | $suction Pa | $noise | $runtime_turbo min |
On carpets the robot switches to Turbo by itself. Turn this off under Settings, Carpet boost.

## Thresholds and furniture
The robot climbs over door sills up to $threshold mm high and passes under furniture with at least $under mm of clearance.
Higher sills are treated as walls.

## Mopping
1. Fill the tank of the mop plate with $mop_tank ml of clear water. Cleaning agents clog the wick.
2. Wet the cloth, wring it out and slip it over the plate.
3. Slide the plate under the robot until it clicks.
4. Block carpets in the app: the robot cannot lift the plate.
A full tank lasts for about $mop_area m². Take the plate off before you charge overnight.

## Maps and no-go zones
The robot stores up to $maps floor plans. After the first complete run, open Map and tap Divide to name rooms. Draw up to
$zones no-go zones a plan. A plan is lost when you reset the robot to factory settings.

## Plans and quiet hours
In the app, set up to $plans cleaning plans a week. During the quiet hours, preset from 22:00 to 7:00, the robot neither starts nor
speaks.

# Care
## Care calendar
| Part | Clean | Replace | Spare part |
| Dustbin | after every run | if cracked | $model-DB |
| Fine dust filter | every 2 weeks | every $filter_months months | $model-FF |
| Main brush | every week | every $main_brush months | $model-MB |
| Side brush | every 2 weeks | every $side_brush_months months | $model-SB |
| Mop cloth | after every use | after $cloth washes | $model-MC |
| Drop sensors | every month | never | none |

## Empty the dustbin
The dustbin holds $dustbin litres.
1. Open the lid and lift the dustbin by its handle.
2. Tip it out over a waste bin and knock out the filter.
3. Rinse the empty bin if you like; let it dry for 24 hours.

## Clean and change the filter
1. Pull the filter out of the dustbin by its tab.
2. Knock it against the edge of a bin, then brush it in the direction of the folds.
3. Do not wash it: water glues the fibres together.
Fit a new filter every $filter_months months. In a home with pets halve this time.

## Brushes
1. Turn the robot over on a soft cloth.
2. Press the two tabs together and lift off the guard of the main brush.
3. Cut wound-up hair with the blade of the comb, along the groove.
4. Wipe the square end dry, put the brush back and close the guard until it clicks twice.
The side brush pulls straight off its axle; no screwdriver is needed.

## Sensors and contacts
Wipe the drop sensors, the bumper window and the charging contacts with a dry cotton cloth once a month. Never spray anything on
them.

## Change the battery
The battery keeps at least 80 % of its capacity for $cycles charging cycles. To change it, switch the robot off, undo the $screws screws of
the cover with a Phillips driver of size PH1, and unplug the white connector. Take the old pack to a collection point.

# Messages and error codes
The voice names the code and the app shows it. Switch the robot off and on again after you have removed the cause.

| Code | Meaning | What to do |
| R01 | A drive wheel hangs in the air | Set the robot on level ground and start again |
| R02 | Side brush blocked | Pull the brush off and remove hair from the axle |
| R03 | Main brush blocked | Clean the brush, see chapter 5; wait 5 minutes for the motor to cool |
| R04 | Dustbin missing | Push the dustbin in until it clicks |
| R05 | Drop sensors dirty | Wipe all $drop_sensors drop sensors with a dry cloth |
| R06 | Bumper stuck | Tap the bumper left and right until it springs back |
| R07 | Battery below $min_charge %, cannot start | Put the robot on the dock for at least 30 minutes |
| R08 | Battery too hot | Let the robot cool down below 45 °C, away from the sun |
| R09 | Dock not found | Check the plug of the dock, and that nothing stands within $dock_front m before it |
| R10 | Filter clogged | Clean or change the filter |
| R11 | Robot trapped | Free it, and draw a no-go zone in the app |
| R12 | Water tank of the mop plate empty | Refill with $mop_tank ml of water |
| R13 | Laser turret covered | Remove whatever lies on the turret |
| R14 | Update failed | Charge above 50 % and start the update again |

# Troubleshooting
| What you notice | Possible cause | Remedy |
| Robot does not start | Switch at the side is at O | Set it to I |
| Robot does not charge | Contacts greasy | Wipe contacts of robot and dock |
| It runs for a shorter time than before | Filter clogged or battery worn | Clean the filter; change the pack after $cycles cycles |
| It turns in circles | A drive wheel is blocked | Remove hair from the wheel, turn it by hand |
| It leaves streaks of dust | Dustbin full | Empty it and clean the filter |
| It is louder than usual | Main brush out of its bearing | Refit brush and guard |
| App cannot find the robot | Phone is on the 5 GHz band | Change to 2.4 GHz and repeat the set-up |
| It stops at a door | Sill higher than $threshold mm | Lay a ramp or start it in each room |
| Map is turned or doubled | Robot was carried during a run | Delete the map and start a new run from the dock |

## Reset
- Restart: hold the round button for $restart seconds.
- Factory settings: press a paper clip into the reset pin hole under the lid for $reset seconds until you hear two tones. Wi-Fi, plans
  and maps are erased; the cleaning log stays.

# Technical data
| Property | $name |
| Model | $model |
| Battery | Lithium-ion, $battery mAh, $voltage |
| Running time, Quiet mode | up to $runtime min |
| Charging time | $charging |
| Greatest suction | $suction Pa |
| Dustbin | $dustbin l |
| Water tank of the mop plate | $mop_tank ml |
| Greatest sill height | $threshold mm |
| Sound, Turbo mode | $noise |
| Diameter and height | $size |
| Weight | $weight kg |
| Power of the dock | $dock_power |
| Standby of the dock | $standby W |
| Wi-Fi | 802.11 b/g/n, 2.4 GHz |
| Navigation | $navigation |
| Room temperature for use | 0 to 40 °C |

# Questions and answers
## May I move the dock?
Yes, but then let the robot start from the dock once, so that it can place the stored plan again.

## Does the robot need light?
No. The laser measures distances in the dark. Only the drop sensors need a floor that is not black.

## How often does it receive updates?
Updates come about every $updates months and are installed at night while the robot stands on its dock.

## Can two robots share one dock?
No. Each robot is paired with its own dock; a foreign dock gives the code R09.

# Warranty and disposal
The $name carries a warranty of 24 months from the day of delivery. Brushes and filters are
covered for 90 days against faults on arrival, the battery for 12 months.
Keep the proof of purchase and the serial number, which stands on the label under the dustbin and begins with $serial.

The crossed-out bin means that neither the robot nor its battery belongs in household waste. Take the battery out first.

Questions: support@brightnook.example, telephone +1 555 0142, Monday to Saturday from 9:00 to 18:00.
""")

_NUMBERS_310 = {
    "name": "Rovo 310",
    "model": "BN-RV310",
    "lid_load": "2 kg",
    "noise": "62 dB",
    "noise_quiet": "54 dB",
    "noise_standard": "58 dB",
    "battery_code": "BN-LP32",
    "battery": "3200",
    "voltage": "14.4 V",
    "mains": "100-240 V",
    "storage_weeks": "8",
    "pile": "12",
    "cable": "1.5",
    "side_brushes": "1",
    "spare_filters": "1",
    "all_filters": "2",
    "drop_sensors": "4",
    "dock_side": "0.5",
    "dock_front": "1.5",
    "charging": "4.5 h",
    "wifi_seconds": "5",
    "runtime": "110",
    "runtime_standard": "85",
    "runtime_turbo": "50",
    "area": "120",
    "suction": "2500",
    "suction_quiet": "800",
    "suction_standard": "1500",
    "threshold": "18",
    "under": "96",
    "mop_tank": "160",
    "mop_area": "60",
    "maps": "3",
    "zones": "10",
    "plans": "7",
    "filter_months": "2",
    "main_brush": "9",
    "side_brush_months": "4",
    "cloth": "50",
    "dustbin": "0.40",
    "cycles": "400",
    "screws": "2",
    "min_charge": "10",
    "restart": "8",
    "reset": "6",
    "size": "330 mm x 92 mm",
    "weight": "3.1",
    "dock_power": "19 V, 0.6 A",
    "standby": "0.9",
    "navigation": "Laser turret and gyroscope",
    "updates": "4",
    "serial": "RV310",
}

_NUMBERS_320 = {
    "name": "Rovo 320",
    "model": "BN-RV320",
    "lid_load": "3 kg",
    "noise": "66 dB",
    "noise_quiet": "55 dB",
    "noise_standard": "60 dB",
    "battery_code": "BN-LP52",
    "battery": "5200",
    "voltage": "14.4 V",
    "mains": "100-240 V",
    "storage_weeks": "12",
    "pile": "15",
    "cable": "1.8",
    "side_brushes": "2",
    "spare_filters": "2",
    "all_filters": "3",
    "drop_sensors": "6",
    "dock_side": "0.6",
    "dock_front": "1.8",
    "charging": "6 h",
    "wifi_seconds": "7",
    "runtime": "180",
    "runtime_standard": "140",
    "runtime_turbo": "75",
    "area": "200",
    "suction": "4000",
    "suction_quiet": "1200",
    "suction_standard": "2400",
    "threshold": "20",
    "under": "99",
    "mop_tank": "240",
    "mop_area": "95",
    "maps": "5",
    "zones": "16",
    "plans": "14",
    "filter_months": "3",
    "main_brush": "12",
    "side_brush_months": "6",
    "cloth": "60",
    "dustbin": "0.55",
    "cycles": "600",
    "screws": "4",
    "min_charge": "8",
    "restart": "10",
    "reset": "9",
    "size": "345 mm x 95 mm",
    "weight": "3.6",
    "dock_power": "19 V, 1.2 A",
    "standby": "1.1",
    "navigation": "Laser turret, gyroscope and front camera",
    "updates": "3",
    "serial": "RV320",
}


def _manual(file: str, numbers: dict[str, str]) -> Manual:
    return Manual(
        file=file,
        model=numbers["model"],
        name=numbers["name"],
        tagline="Robot vacuum with mopping function",
        revision="Revision 2.1, January 2026",
        text=_TEXT.substitute(numbers),
    )


ROVO_310 = _manual("robot-vacuum-rovo-310.pdf", _NUMBERS_310)
ROVO_320 = _manual("robot-vacuum-rovo-320.pdf", _NUMBERS_320)

"""The manual of the oil-filled heater Warmly 12."""

from kb.sample.generator.manual import Manual

_TEXT = """
# Safety
!WARNING: Never cover the heater. Cloths, laundry and blankets on it can catch fire.
!WARNING: Do not use the Warmly 12 within reach of a bath, a shower or a pool. Keep at least 1.2 m of clearance from water taps too.
- Leave 1.2 m free in front of the heater and 0.3 m behind it and at its sides. Curtains and beds count as obstacles.
- Place it on a firm, level floor, never on a long-pile carpet, and never below a socket.
- Do not use the heater with an extension lead, a multiple socket or a timer plug. It draws up to 2000 W.
- The surface reaches 85 °C. Do not leave children below 3 years alone with it.
- Children from 3 to 8 years may switch it on and off only when it stands in its normal place and they have been shown how.
- Do not operate it when oil leaks. The tank is sealed and must never be opened.
- If the cable is damaged, do not use the heater any more: it is sealed and cannot be repaired.
- Never leave the house while the heater is running.

!CAUTION: Wait 40 minutes after switching off before you move the heater or wind the cable.

## Safety devices
| Device | What it does |
| Tip-over switch | cuts the power when the heater leans by more than 25 degrees |
| Overheating guard | cuts the power when the tank passes 105 °C |
| Frost guard | switches on below 7 °C |
| Child lock | blocks all buttons |
| Automatic end | switches off after 12 hours without a touch |

# Assembly
The heater is delivered without its feet. Never use it before both feet are mounted.
1. Lay the heater on a blanket, with the cable side up. Two people are best: it weighs 11.8 kg.
2. Slide the U-shaped bolt between the first and the second rib.
3. Put the front foot on the bolt and tighten the two wing nuts by hand.
4. Do the same with the rear foot between the last two ribs.
5. Press the four castors into the feet until they snap in.
6. Stand the heater up and let it rest for 30 minutes so that the oil settles.

# Using the heater
## Buttons
| Button | Function |
| On/off | switches on and off; hold for 3 seconds for the child lock |
| Level | 1, 2 or 3 |
| Plus and minus | room temperature from 5 to 35 °C |
| Timer | 1 to 24 hours, in steps of one hour |
| Eco | holds 19 °C with the least power |

## Levels
| Level | Power | For rooms up to |
| 1 | 800 W | 9 m² |
| 2 | 1200 W | 15 m² |
| 3 | 2000 W | 24 m² |

## Switch on
1. Plug in. A tone sounds and the display shows the room temperature.
2. Press On/off.
3. Choose the level.
4. Set the temperature that you want with plus and minus.
A cold heater needs about 20 minutes until you feel the warmth. Crackling during this time is normal: the metal stretches.

## Timer
- Switch off later: press Timer while the heater runs and choose the hours.
- Switch on later: press Timer in stand-by. The heater then starts with the last level. It is forbidden to use this when nobody is
  at home.

## Open-window detection
When the room cools down by 4 °C within 10 minutes, the heater stops for 30 minutes and the display shows OP. Press any button to
continue earlier. Hold Eco for 5 seconds to turn the detection off.

## Remote control
The remote needs one CR2025 cell and works up to 6 m. Its holder is at the back of the heater.

## Adjust the thermometer
If the display differs from your own thermometer, hold plus and minus for 4 seconds and correct by up to 3 °C.

# Running costs
At level 1 the heater uses 0.8 kWh in an hour of continuous heating, at level 3 2.0 kWh. Once the room is warm, the thermostat runs the
heater for about 40 % of the time. In stand-by it uses 0.6 W.

# Cleaning and storage
1. Unplug the heater and let it cool down for 2 hours.
2. Wipe the ribs with a damp cloth. Use no solvents.
3. Suck the dust from between the ribs with a narrow nozzle, at least every 2 months in winter: dust smells when it is heated.
4. Wind the cable loosely around the holder.
5. Cover the cold heater and store it standing, in a dry place.
!WARNING: Never store or move the heater lying down. Oil can run into the heating element; if it happened, stand it up for 24 hours
  before use.

# Messages
| Code | Meaning | What to do |
| OP | Open window found | Close the window and press any button |
| CL | Child lock is on | Hold On/off for 3 seconds |
| FP | Frost guard heats | Nothing; it ends above 9 °C |
| C1 | Room sensor broken | Unplug for 5 minutes; if it returns, call service |
| C2 | Tank too hot | Remove covers, let it cool down for 60 minutes |
| C3 | Heater tipped or leaning | Stand it upright on a level floor, press On/off |
| C4 | Voltage too high | Have the socket checked by an electrician |

# Troubleshooting
| What you notice | Possible cause | Remedy |
| Heater does not switch on | Plug loose, or tip-over switch open | Check the plug; stand it on a level floor |
| It stops again and again | Temperature reached, or Eco on | Raise the temperature, switch Eco off |
| The room does not get warm | Room larger than the level allows | Choose level 3; close the doors |
| Smell when switched on | Dust on the ribs | Clean the ribs |
| Oil on the floor | Tank leaks | Unplug, do not use it, call service |
| Fuse blows | Another large device on the same circuit | Use another circuit |
| Remote does not work | Cell empty | Insert a new CR2025 |

# Technical data
| Property | Warmly 12 |
| Model | BN-HT12 |
| Ribs | 12 |
| Power | 2000 W, three levels |
| Voltage | 220-240 V, 50 Hz (not offered for 120 V) |
| Protection | IPX0, class I |
| Oil | 4.2 l, mineral |
| Width, depth, height | 560 x 250 x 640 mm |
| Weight | 11.8 kg |
| Length of the cable | 1.6 m |
| Sound | silent, 0 dB from moving parts |
| Thermostat | electronic, 5-35 °C |

# Warranty, shipping and disposal
The warranty is 24 months from delivery. Because of its weight and its oil the heater is not shipped to PO boxes. Bring an old heater to a
collection point for electrical devices; its oil must not reach the drains.
"""

MANUAL = Manual(
    file="heater-warmly-12.pdf",
    model="BN-HT12",
    name="Warmly 12",
    tagline="Oil-filled heater, 2000 W",
    revision="Revision 2.0, September 2025",
    text=_TEXT,
)

"""The manual of the air fryer Crispa 60. On purpose it says that the basket is dishwasher safe; the shop's FAQ denies it."""

from kb.sample.generator.manual import Manual

_TEXT = """
# Safety
!WARNING: Never pour oil into the basket. The Crispa 60 cooks with hot air; a filled basket catches fire.
!WARNING: During operation hot steam leaves the vent at the back. Keep face and hands away and leave 15 cm free on every side.
- Place the fryer on a level surface that stands heat, not under wall cupboards less than 40 cm above it.
- Do not cover the vent and put nothing on the lid.
- The basket gets as hot as the air in it. Hold it by the handle only.
- The fryer draws 1700 W. Do not share its socket with a kettle or a toaster.
- Never operate it with an external timer or remote control.
- Clean the basket only when it has cooled down for 30 minutes.
- Children from 8 years on may use the fryer under supervision.

# Parts
| No. | Part | Spare part |
| 1 | Body with display | none |
| 2 | Basket, 6.0 l, with handle | BN-AF60-BK |
| 3 | Crisper plate, removable | BN-AF60-CP |
| 4 | Two-level rack | BN-AF60-RK |
| 5 | Silicone feet for the plate, 4 pieces | BN-AF60-SF |
| 6 | Measuring cup for oil, 10 ml | none |

## The display
Six programmes stand in the upper row. Below them you find temperature, time, the lamp for the inside, and Start. The display turns dark
after 5 minutes without a touch; a touch wakes it.

# Before the first use
1. Remove all stickers, also the one on the floor of the basket.
2. Wash basket, plate and rack with warm water and dry them.
3. Run the empty fryer at 200 °C for 15 minutes with an open window. A slight smell is normal and goes away.
4. Let it cool down before you put food in.

# Cooking
1. Press the crisper plate into the basket.
2. Put in the food, at most up to the MAX mark. For chips this is 1.2 kg.
3. Push the basket in until it clicks.
4. Touch a programme, or set temperature and time by hand.
5. Touch Start.
6. Shake the food when the fryer beeps three times, halfway through.
7. At the end it beeps five times and the fan runs on for 60 seconds.
The temperature goes from 80 to 200 °C in steps of 5 °C, the timer from 1 to 60 minutes. When you pull the basket out, the fryer
pauses; push it back within 10 minutes and it continues.

## Programmes
| Programme | Temperature | Time | Shake |
| Chips | 200 °C | 22 min | twice |
| Chicken | 190 °C | 28 min | once |
| Fish | 180 °C | 14 min | no |
| Vegetables | 170 °C | 12 min | once |
| Cake | 160 °C | 35 min | no |
| Dry fruit | 80 °C | 60 min | no |

For drying longer than an hour, start the programme again; it may run 6 times in a row.

## Preheat
Hold Start for 2 seconds to preheat for 3 minutes. Frozen food does not need it; steak and pastry do.

## Keep warm
After a programme touch Keep warm: the fryer holds 80 °C for up to 30 minutes.

## Table of foods
| Food | Amount | Temperature | Time |
| Frozen chips, thin | 300-700 g | 200 °C | 15-20 min |
| Home-made chips, one spoon of oil | 300-900 g | 200 °C | 20-26 min |
| Chicken wings | 500-1000 g | 190 °C | 22-28 min |
| Whole chicken | up to 1.4 kg | 175 °C | 55-60 min |
| Salmon fillet | 150-600 g | 180 °C | 9-13 min |
| Broccoli | 200-500 g | 170 °C | 8-10 min |
| Aubergine slices | 300-600 g | 185 °C | 12-15 min |
| Bread rolls, from yesterday | 2-6 pieces | 160 °C | 3-4 min |
| Muffins in paper cases | 6 pieces | 160 °C | 16-18 min |
| Tofu cubes | 250-500 g | 190 °C | 14-16 min |

# Useful hints
- Turn small pieces once; they brown more evenly.
- One spoon of oil is enough for 500 g of home-made chips. Soak the cut potatoes in water for 30 minutes first.
- Paper inserts must be weighted with food, otherwise the fan draws them into the heater.
- Metal and ceramic tins up to 20 cm in diameter fit into the basket.
- Very fat food, such as sausages, makes smoke: pour 50 ml of water under the plate.

# Cleaning
Pull the plug and let everything cool down.

The basket, the crisper plate and the rack are dishwasher safe on the top rack, with a programme of at most 55 °C. Stubborn
residues come off after soaking for 10 minutes in hot water with a little washing-up liquid.
!CAUTION: No metal wool and no sharp knives: they scratch the non-stick coating.
| Part | By hand | Dishwasher |
| Basket | yes | yes, top rack |
| Crisper plate | yes | yes, top rack |
| Two-level rack | yes | yes, top rack |
| Silicone feet | yes | no, take them off first |
| Body | damp cloth only | no |

## Clean the heater
1. Turn the cold fryer on its back.
2. Brush the spiral with a soft dry brush.
3. Wipe the splash guard with a damp cloth. Let it dry for 2 hours.
Do this every 3 months, more often when you fry fat meat.

# Settings
- Sound off: hold the lamp button for 5 seconds.
- Fahrenheit instead of Celsius: touch temperature plus and minus together for 3 seconds.
- Child lock: hold time plus for 4 seconds; a key appears. Do the same to unlock.
- Presets back to factory values: hold Chips and Cake for 8 seconds.

# Messages
| Code | Meaning | What to do |
| A1 | Basket not pushed in | Push the basket in until it clicks |
| A2 | Temperature sensor open | Unplug for 5 minutes; if it returns, call service |
| A3 | Temperature sensor short-circuited | Do not use the fryer, call service |
| A4 | Air too hot, above 230 °C | Let it cool down with the basket out; free the vent |
| A5 | Fan blocked | Unplug, remove paper or crumbs from the fan |
| A6 | Voltage too low | Use another socket, no extension lead |

# Troubleshooting
| What you notice | Possible cause | Remedy |
| Food is not done | Too much in the basket | Cook in smaller portions |
| Chips are soft | Potatoes too wet | Dry them and add a spoon of oil |
| White smoke | Fat under the plate | Empty the basket, add 50 ml of water |
| Black smoke | Food burns | Pull the plug, keep the basket shut until the smoke ends |
| Basket does not go in | Overfilled, or plate not flat | Remove food, press the plate down |
| Smell of plastic | First uses | Repeat the empty run of chapter 3 |
| Coating peels off | Metal tools were used | Order basket BN-AF60-BK |

# Technical data
| Property | Crispa 60 |
| Model | BN-AF60 |
| Capacity | 6.0 l, for 4 to 5 people |
| Power | 1700 W |
| Voltage | 220-240 V, 50/60 Hz |
| Temperature | 80-200 °C |
| Timer | 1-60 min |
| Width, depth, height | 290 x 375 x 320 mm |
| Weight | 5.2 kg |
| Length of the cable | 1.0 m |
| Sound | 58 dB |
| Coating | ceramic, without PFAS |
| Standby | 0.5 W |

# Warranty
The warranty is 24 months from delivery. Scratches in the coating must be reported within 10 days of delivery. Send questions to
support@brightnook.example and name the model and the serial number on the underside.
"""

MANUAL = Manual(
    file="air-fryer-crispa-60.pdf",
    model="BN-AF60",
    name="Crispa 60",
    tagline="Air fryer, 6.0 litres",
    revision="Revision 3.0, August 2025",
    text=_TEXT,
)

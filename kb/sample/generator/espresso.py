"""The manual of the espresso machine Crema 500."""

from kb.sample.generator.manual import Manual

_TEXT = """
# Safety
The Crema 500 makes espresso and hot milk in private kitchens. It works with water under pressure and steam near 130 °C.

!WARNING: Steam and hot water scald. Never point the steam wand at anyone, and keep hands away from the spouts during brewing.
!WARNING: Never loosen the filter holder while the machine is brewing. Wait until the pressure gauge stands at zero.
- Plug the machine into an earthed socket of its own; it draws 1450 W.
- Do not dip the body, the cable or the plug in water.
- Children below 8 years must stay at least 1 m away while the machine is hot.
- Fill the tank with cold, still drinking water only. Milk, tea or mineral water with gas damages the pump.
- Unplug the machine before cleaning it and when you leave home for more than 3 days.
- A machine that has frozen must stand at room temperature for 6 hours before it is switched on.

!CAUTION: The cup warmer on top reaches 60 °C. Do not lay cloths or plastic on it.

# Your machine at a glance
| No. | Part | Remark |
| 1 | Water tank, 1.8 l | at the back, with a carrying handle |
| 2 | Cup warmer | room for 6 espresso cups |
| 3 | Pressure gauge | green field from 8 to 11 bar |
| 4 | Brew group, 58 mm | accepts any 58 mm filter holder with two lugs |
| 5 | Steam wand | turns by 270 degrees |
| 6 | Drip tray with float | holds 0.7 l |
| 7 | Filter holder with two spouts | for one or two cups |
| 8 | Filter baskets | one cup 9 g, two cups 18 g, one basket for pods |
| 9 | Tamper and measuring spoon | 7 g a level spoon |
| 10 | Blind disc | for cleaning the brew group |

## Buttons and lights
| Button | Short press | Press for 3 seconds |
| Power | on or off | locks all buttons |
| One cup | brews 30 ml | stores a new amount |
| Two cups | brews 60 ml | stores a new amount |
| Steam | heats to steam | starts the descaling programme |
| Hot water | 150 ml of hot water | sets the water hardness |

A button that blinks means: heating up. All buttons steady means: ready. A red drop means that the tank holds less than 0.2 l.

# First use
1. Rinse the tank, hang it in and fill it to the MAX line.
2. Put a bowl of at least 1 litre under the brew group and the steam wand.
3. Press Power. The machine heats for about 45 seconds.
4. Press Two cups five times without coffee to rinse the pipes.
5. Open the steam knob for 20 seconds.
6. Empty the bowl and the tank, then refill with fresh water.

## Set the water hardness
Dip the test strip in tap water for one second and count the red fields after one minute.
| Red fields | Hardness | Setting |
| 0 to 1 | soft, below 7 °dH | 1 |
| 2 | medium, 7 to 14 °dH | 2 |
| 3 to 4 | hard, above 14 °dH | 3 |

Hold Hot water for 3 seconds, then press it once for each step. With setting 3 the descaling reminder comes already after 120 cups.

# Making coffee
## Grind and dose
Use a medium-fine grind. A good double espresso of 60 ml runs for 25 to 30 seconds. If it runs faster, grind finer; if it drips,
grind coarser.
1. Fill the basket: 9 g for one cup, 18 g for two.
2. Press evenly with the tamper, with a force of about 15 kg.
3. Wipe the rim clean.
4. Turn the filter holder in from left to right until it is firm.
5. Warm the cup on the cup warmer or with hot water.
6. Press One cup or Two cups. The pump stops by itself.

## Pre-infusion
For the first 4 seconds the machine wets the coffee with low pressure. To switch this off, hold One cup and Two cups together for
5 seconds.

## Pods
Use paper pods of the E.S.E. type with a diameter of 44 mm. Capsules do not fit.

## Store your own amount
Hold One cup or Two cups while coffee runs and let go when the cup is as full as you like. The least amount is 15 ml, the greatest
250 ml. To return to the presets, hold Power and Hot water for 6 seconds.

## Brewing temperature
Three levels can be chosen in the stand-by state by pressing Steam: low 88 °C, normal 92 °C (preset) and high 96 °C.

# Milk and hot water
1. Pour cold milk to just below the spout of the jug, at most 300 ml.
2. Press Steam and wait until the button stops blinking, about 20 seconds.
3. Open the knob over the drip tray to let water escape.
4. Hold the tip just below the surface. Lower the jug as the froth rises.
5. At about 65 °C, when the jug becomes too hot for the hand, close the knob.
6. Wipe the wand with a damp cloth at once and blow steam for 2 seconds.
Oat drink froths best when it is marked "barista". After steaming the boiler is too hot for coffee; press Hot water once to cool it.

# Energy saving
The machine switches itself off after 30 minutes without use. You can set 10, 30 or 90 minutes: switch off, hold Two cups and press
Power once, twice or three times. In stand-by it uses 0.4 W.

# Cleaning
| Part | How often | How |
| Drip tray | daily, or when the red float shows | warm water; dishwasher up to 60 °C |
| Filter holder and baskets | daily | rinse by hand; the dishwasher dulls the chrome |
| Water tank | weekly | warm water and a soft brush, no dishwasher |
| Brew group | every 2 weeks | blind disc and cleaning tablet |
| Steam tip | weekly | unscrew, soak in hot water for 10 minutes |
| Seal of the brew group | every 12 months | replace, spare part BN-EM500-GS |

## Clean the brew group
1. Lay the blind disc in the two-cup basket and put one cleaning tablet of 1 g on it.
2. Turn the filter holder in.
3. Press Two cups for 10 seconds, stop for 10 seconds; repeat this five times.
4. Take the disc out and rinse with 200 ml of water.

# Descaling
Descale every 200 cups or every 2 months, whichever comes first. The Steam button then blinks orange. One programme takes about
25 minutes and must not be interrupted.
!WARNING: Use a descaler on the basis of citric or lactic acid. Vinegar attacks the seals and voids the warranty for them.
1. Empty the tank, mix 100 ml of descaler with 900 ml of water and fill it in.
2. Put a bowl of at least 1.5 litres under group and wand.
3. Hold Steam for 3 seconds until all lights chase each other.
4. Open the steam knob when the machine beeps twice, and close it at the next beep.
5. When the red drop lights up, rinse the tank and fill it to MAX with clear water.
6. Press Steam. The machine rinses and then switches off.

# Error codes
The code shows on the small display beside the gauge.
| Code | Meaning | What to do |
| E01 | Water tank missing or empty | Fill the tank and press it down until it clicks |
| E02 | Temperature sensor of the boiler broken | Unplug for 10 minutes; if it returns, call service |
| E03 | Boiler too hot | Let the machine cool down for 20 minutes with the steam knob open |
| E04 | No water flow, the pump draws air | Press Hot water until water runs; check that the tank valve is free |
| E05 | Pressure above 16 bar | Grind coarser or use less coffee; clean the brew group |
| E06 | Drip tray missing | Push the drip tray in completely |
| E07 | Descaling interrupted | Fill the tank with clear water and hold Steam for 3 seconds to rinse |
| E08 | Steam knob open at switch-on | Close the knob |
| E09 | Fault of the electronics | Unplug, note the serial number and call service |

# Troubleshooting
| What you notice | Possible cause | Remedy |
| Coffee is too cold | Cup cold, or temperature level low | Warm the cup; choose the high level |
| No crema | Coffee older than 6 weeks or too coarse | Use fresh beans, grind finer |
| Coffee runs beside the filter holder | Seal dirty or worn | Clean the rim; replace the seal |
| Pump is very loud | Tank empty or air in the pump | Fill the tank, press Hot water |
| Water under the machine | Drip tray full, or pump seal leaks | Empty the tray; if water returns, call service |
| Steam is weak | Steam tip blocked | Clean the tip with the pin on the measuring spoon |
| Buttons do not react | Button lock is on | Hold Power for 3 seconds |

# Technical data
| Property | Crema 500 |
| Model | BN-EM500 |
| Greatest pump pressure | 15 bar |
| Power | 1450 W |
| Voltage | 220-240 V, 50/60 Hz (US model 120 V, 60 Hz) |
| Water tank | 1.8 l |
| Boiler | stainless steel, 0.3 l |
| Heating-up time | 45 s |
| Width, depth, height | 268 x 312 x 405 mm |
| Weight | 7.4 kg |
| Length of the cable | 1.1 m |
| Highest cup under the spouts | 95 mm |
| Sound while brewing | 70 dB |

# Warranty and service
The warranty lasts for 24 months from delivery. It does not cover scale damage; seals are covered for 90 days against
faults on arrival. The serial number is printed inside the tank bay; its first four digits name the batch.

Spare parts are kept for at least 7 years after a model goes out of production. Service: support@brightnook.example.
"""

MANUAL = Manual(
    file="espresso-machine-crema-500.pdf",
    model="BN-EM500",
    name="Crema 500",
    tagline="Espresso machine with steam wand",
    revision="Revision 1.4, October 2025",
    text=_TEXT,
)

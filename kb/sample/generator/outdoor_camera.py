"""The manual of the outdoor camera Glance 5."""

from kb.sample.generator.manual import Manual

_TEXT = """
# Safety and law
- Film only your own ground. In many countries it is forbidden to record the street or a neighbour's garden; set privacy zones there.
- Put up a sign when visitors or delivery people can be filmed.
- The battery may be charged between 0 and 45 °C only, so take it indoors in winter.
!WARNING: Do not open the sealed front. The camera then loses its protection IP65 and the warranty.
!CAUTION: The infrared lamps get warm. Do not look into them from less than 20 cm for a long time.
- Stand safely on the ladder: two people, dry weather.
- Do not mount the camera over the bed of a child or in any bathroom.

# What is in the box
| No. | Part | Quantity |
| 1 | Camera Glance 5 | 1 |
| 2 | Battery BN-WC5-BT, 9600 mAh | 1 |
| 3 | Wall bracket with ball joint | 1 |
| 4 | Screws 4 x 35 mm and anchors 6 mm | 4 |
| 5 | USB-C cable, 1 m | 1 |
| 6 | Mounting key | 1 |
| 7 | Power adapter, 5 V and 2 A | 1 |
| 8 | Sticker "Video recording" | 2 |

A microSD card is not included.

## Status light
| Light | Meaning |
| Blue, blinking slowly | Ready for set-up |
| Blue, blinking fast | Connecting to Wi-Fi |
| Blue, steady for 3 seconds | Connected |
| Red, steady | Charging |
| Green, steady | Fully charged |
| Red, blinking | Battery below 10 % |
| Red and blue in turn | Update, do not take out the battery |

# Installation
## Charge
A full charge with the 10 W adapter takes 7 hours. The battery lasts about 6 months with 20 events a day; a cold winter shortens this to
about 4 months.

## Insert a memory card
1. Open the rubber flap at the bottom.
2. Push in a microSD card, contacts towards the lens, until it clicks. Cards up to 256 GB are supported, class U1 or faster.
3. Press the flap shut all around; otherwise rain gets in.
4. In the app choose Storage, Format card.
A card of 128 GB holds about 40 days of events at 20 events a day. When it is full, the oldest clips are overwritten.

## Connect to the app
1. Install the app Brightnook Home, version 4.2 or later.
2. Press the button below the flap for 3 seconds until the light blinks blue.
3. Tap Add device and hold the shown code 15 to 20 cm before the lens.
4. Choose a Wi-Fi network. The camera speaks 2.4 GHz and 5 GHz.
5. Enter the place and the name.

## Mount on the wall
Choose a height of 2.5 to 3 m. The motion sensor works best when people walk across the picture rather than towards it.
1. Hold the bracket to the wall and mark the four holes.
2. Drill 40 mm deep with a 6 mm bit.
3. Screw the bracket on and hang the camera in.
4. Tilt it 15 to 20 degrees downwards.
5. Fix the ball joint with the mounting key.

## Solar panel
The panel BN-WC5-SP keeps the battery charged with 2 hours of sun a day. Its cable is 3 m long.

# Settings
| Setting | Preset | Range |
| Resolution | 2K | 2K, 1080p, 720p |
| Clip length | 20 s | 5-60 s |
| Pause between clips | 30 s | 0-300 s |
| Sensitivity of motion | 6 | 1-10 |
| Detection of persons | on | on, off |
| Detection of pets and vehicles | off | on, off |
| Night vision | automatic | infrared, colour with spotlight, off |
| Spotlight brightness | 70 % | 10-100 % |
| Siren | off | off, 5-60 s |
| Microphone | on | on, off |
| Privacy zones | none | up to 4 |
| Status light | on | on, off |

## Night vision
The infrared lamps reach 10 m. In colour mode the spotlight of 450 lumens switches on with movement and halves the battery's life.

## Two-way talk
Open the live picture and hold the microphone button. The loudspeaker reaches 90 dB. Live view ends by itself after 5 minutes to save
the battery.

## Alarm zones
Draw up to 3 alarm zones. Movement outside them is ignored. Leave out trees, flags and the road.

## Siren
The siren sounds with 105 dB. Start it in the live picture, or let it follow the detection of persons at night.

# Recordings
- Clips on the card stay until they are overwritten. They are encrypted for this camera; another device cannot play them.
- Clips in the cloud are kept for 30 days with the plan Cloud Basic. Without a plan only the preview image of the last 24 hours is kept.
- To save a clip, open it and tap Download.
- Up to 6 people can be invited; guests cannot delete clips.

## Use with the hub
Together with the Nestlink Hub 20 events can switch on lamps or locks. The live picture then also appears on the hub's web page.

# Care
| Task | How often |
| Wipe the lens with a microfibre cloth | every 2 months |
| Check the rubber flap for cracks | every 6 months |
| Tighten the bracket | every 12 months |
| Remove spider webs from the sensor | when false alarms come |

The camera works from -20 to 50 °C. It stands rain and jets of water, not high-pressure cleaners and not immersion.

## Reset
Press the button below the flap for 10 seconds until you hear "reset done". Wi-Fi and settings are deleted; clips on the card stay.

# Messages of the app
| Code | Meaning | What to do |
| G1 | Wi-Fi signal weak, below -75 dBm | Move the router closer or add a repeater |
| G2 | Card not readable | Format it in the app; replace it if the message returns |
| G3 | Card is write-protected or too slow | Use class U1 or faster |
| G4 | Battery too cold to charge | Bring it into a room above 5 °C |
| G5 | Camera offline for 10 minutes | Check router and battery |
| G6 | Camera was moved by force | Check the bracket; confirm in the app |
| G7 | Update failed | Charge above 30 % and try again |
| G8 | Account holds 12 cameras already | Remove one camera |

# Troubleshooting
| What you notice | Possible cause | Remedy |
| Battery empty after a few weeks | Too many events, or live view often | Lower the sensitivity, set alarm zones |
| No message on the phone | Notifications off | Allow them in the phone and the app |
| Picture white at night | Infrared reflected by a wall or leaf | Keep 50 cm free around the lens |
| Picture foggy | Moisture behind the flap | Open the flap indoors for 24 hours |
| False alarms | Branches, spiders or passing cars | Alarm zones, sensitivity 4 |
| Set-up code is not read | Screen too dark or code too near | Full brightness, 15 to 20 cm |
| No sound | Microphone off | Switch it on in Settings |
| Clips are missing | Pause between clips too long | Set the pause to 0 s |

# Technical data
| Property | Glance 5 |
| Model | BN-WC5 |
| Picture | 2K, 2304 x 1296, 15 pictures a second |
| Field of view | 135 degrees diagonal |
| Protection | IP65 |
| Battery | 9600 mAh, removable, about 6 months |
| Storage | microSD up to 256 GB, or cloud |
| Wi-Fi | 802.11 a/b/g/n, 2.4 and 5 GHz |
| Motion sensor | infrared, up to 9 m, 110 degrees |
| Operating temperature | -20 to 50 °C |
| Weight with battery | 410 g |
| Dimensions | 92 x 62 x 70 mm |

# Questions and answers
## Does it record without a break?
No. To spare the battery it records on movement only, even when it is connected to USB power.

## Can I take the card out and read it in my computer?
The clips are encrypted for the camera. Download them in the app instead.

## What happens when the internet fails?
The camera goes on recording to the card and sends the messages later. Without a card nothing is stored.

# Warranty
The warranty of the camera is 24 months, that of the battery 12 months. Keep the receipt. For help write to support@brightnook.example.
"""

MANUAL = Manual(
    file="outdoor-camera-glance-5.pdf",
    model="BN-WC5",
    name="Glance 5",
    tagline="Outdoor camera with battery",
    revision="Revision 1.6, November 2025",
    text=_TEXT,
)

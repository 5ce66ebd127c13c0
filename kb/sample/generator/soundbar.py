"""The manual of the soundbar Tonal 7. Its wall-mounting template is a scanned page without text."""

from kb.sample.generator.manual import Manual

_TEXT = """
# Safety
!WARNING: Do not open the housing. Parts inside carry mains voltage even a minute after unplugging.
- Keep the soundbar away from dripping water and put no vase on it.
- Leave 5 cm of air behind the housing. Do not push it into a closed shelf.
- Use only the mains adapter BN-SP7-PS, 24 V and 3.5 A.
- At full volume the Tonal 7 reaches 98 dB at a distance of one metre. Long listening above 85 dB harms the ear.
- The batteries of the remote control must not reach children; a swallowed cell is an emergency.
- Wall brackets must carry 15 kg each, although the soundbar weighs less.

# Contents of the box
| No. | Part | Quantity |
| 1 | Soundbar Tonal 7 | 1 |
| 2 | Wireless subwoofer | 1 |
| 3 | Mains adapter and cable of 1.8 m | 1 |
| 4 | Remote control with two AAA batteries | 1 |
| 5 | HDMI cable, 1.2 m | 1 |
| 6 | Optical cable, 1.5 m | 1 |
| 7 | Wall kit with two screws and anchors | 1 |

## Connections at the back
| Socket | For |
| HDMI eARC | television with ARC or eARC |
| HDMI IN | games console or player, up to 4K at 120 Hz |
| OPTICAL | older televisions |
| AUX 3.5 mm | telephone or record player with preamplifier |
| USB-A | updates and music files, FAT32 up to 64 GB |
| DC IN | mains adapter |

## Lights on the front
| Light | Meaning |
| White | HDMI |
| Green | Optical |
| Blue, steady | Bluetooth connected |
| Blue, blinking | Bluetooth waits for a device |
| Violet | USB or AUX |
| Red | Stand-by |
| Orange, blinking | An update is running, do not unplug |

# Setting up
## Place the soundbar
Stand it centred below the television, at ear height when you sit, and 2 to 4 metres from the sofa. The upward speakers need a flat
ceiling between 2.3 and 3.5 m high.

## Connect the television
1. Switch everything off.
2. Join HDMI eARC of the soundbar with the ARC socket of the television.
3. Switch on the television and allow HDMI-CEC in its menu.
4. Set the television's digital sound output to bitstream.
5. Press the source button until the light is white.
With eARC the soundbar plays Dolby Atmos. Over the optical cable it plays 5.1 sound at most.

## Connect the subwoofer
The subwoofer pairs itself within 30 seconds when both are switched on. If its lamp keeps blinking, hold PAIR at its back for 5 seconds
and then hold the volume-minus button of the soundbar for 5 seconds. Keep the two within 9 m of each other.

## Insert the batteries
Slide the cover of the remote down and insert two AAA cells. They last about 12 months. The remote works up to 7 m.

# Daily use
## Bluetooth
1. Press the source button until the blue light blinks.
2. Choose "Tonal 7" on the telephone.
3. Wait for the tone.
The soundbar remembers 8 devices and can hold 2 at the same time. After 15 minutes without a signal it switches to stand-by. The range
is 10 m without walls.

## Sound modes
| Mode | Good for | What it does |
| Film | films | wide stage, ceiling speakers on |
| Music | stereo records | ceiling speakers off |
| Voice | news and talk | lifts 1 to 4 kHz by 4 dB |
| Night | late hours | halves the loudest peaks, subwoofer at a third |
| Game | consoles | delay below 20 ms |

## Bass and treble
Press BASS and then plus or minus: from -6 to +6 in steps of one. Hold BASS for 3 seconds to set all back to zero.

## Delay between picture and sound
Hold the mode button for 4 seconds, then move the sound in steps of 10 ms up to 200 ms with plus and minus.

## Voice assistant
The Tonal 7 has no microphone of its own. It obeys the assistant of a television connected by HDMI.

# Wall mounting
The next page is a drilling template in the scale 1:5. Two people should hang the soundbar. Check for cables and pipes before you drill.

[scan:wall-template]

# Care and updates
Dust the fabric with a soft brush once a month; never use a spray. Wipe the remote with a dry cloth.

## Update by USB
1. Copy the file TONAL7.BIN to the main folder of a stick formatted with FAT32.
2. Plug the stick in while the soundbar is in stand-by.
3. Hold source and volume plus for 6 seconds. The light blinks orange.
4. Wait about 8 minutes until the light turns red.

## Factory settings
Hold the power button and volume minus on the soundbar for 10 seconds. All paired devices and sound settings are deleted.

# Error lights
When something is wrong the red light blinks in groups.
| Blinks | Meaning | What to do |
| 2 | Subwoofer lost | Move it closer, pair it again |
| 3 | HDMI signal not readable | Change the cable; set the television to bitstream |
| 4 | Amplifier too hot | Switch off for 15 minutes and free the back |
| 5 | Update file damaged | Copy the file again |
| 6 | Mains adapter too weak | Use BN-SP7-PS only |
| 7 | Internal fault | Unplug for 2 minutes; if it returns, call service |

# Troubleshooting
| What you notice | Possible cause | Remedy |
| No sound from the television | ARC not switched on | Allow HDMI-CEC, choose bitstream |
| Sound only from the television | Output set to internal speakers | Choose external receiver |
| Crackling over Bluetooth | Too far away, or a microwave oven runs | Come within 10 m |
| No bass | Subwoofer in stand-by or level at -6 | Pair it, raise BASS |
| Remote does not work | Batteries empty or sensor covered | New AAA cells; free the front |
| Sound lags behind | Television processes the picture | Use Game mode or set the delay |
| Switches off while playing quietly | Auto stand-by at low level | Turn the source up and the soundbar down |
| Dolby Atmos light is missing | Optical cable in use | Use HDMI eARC |

# Technical data
| Property | Tonal 7 |
| Model | BN-SP7 |
| Channels | 3.1.2 |
| Power, soundbar | 240 W |
| Power, subwoofer | 120 W |
| Frequency range | 38 Hz to 20 kHz |
| Bluetooth | 5.3, codecs SBC and AAC |
| Formats | Dolby Atmos, Dolby Digital Plus, PCM |
| Soundbar, width x height x depth | 940 x 62 x 110 mm |
| Subwoofer, width x height x depth | 210 x 380 x 330 mm |
| Weight | 3.9 kg soundbar, 6.8 kg subwoofer |
| Stand-by | 0.5 W, networked 1.8 W |

# Warranty
The warranty is 24 months from delivery; the remote control and the mains adapter are covered for 12 months. Fabric torn by pets is not a fault. Write to
support@brightnook.example.
"""

MANUAL = Manual(
    file="soundbar-tonal-7.pdf",
    model="BN-SP7",
    name="Tonal 7",
    tagline="Soundbar 3.1.2 with wireless subwoofer",
    revision="Revision 1.1, May 2025",
    text=_TEXT,
)

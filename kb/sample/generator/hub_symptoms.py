"""The hub's troubleshooting by symptom."""

SYMPTOMS = """
# Troubleshooting
Codes are explained in the chapter Error codes. Here you find what shows no code.

## The hub itself
| What you notice | Possible cause | Remedy |
| Ring stays dark after plugging in | Adapter or socket dead | Try another socket; measure 5 V |
| Ring is green again and again | Hub restarts | Adapter too weak, or cable too long |
| Web page does not open | Telephone is in the guest network | Change to the same network; type the address from the router |
| App says "hub asleep" | Internet failed | See the ring: steady yellow |
| Time is one hour wrong | Wrong time zone | Choose the place again |
| Hub is warm | Normal up to 45 °C on the surface | Uncover it |

## Devices
| What you notice | Possible cause | Remedy |
| Lamp answers after several seconds | Weak mesh | Add a mains device between hub and lamp |
| Lamp is on after a power cut | Preset of the lamp | Choose "off" under After a power cut |
| Sensor shows old values | Cell empty | Change the cell, press the key |
| Button starts the wrong scene | Long press too short | Raise the time for a long press |
| Shutter stops half-way | Running time wrong | Measure again |
| Thermostat clicks at night | Valve exercise | Move it to another hour |
| Everything drops out at the same hour | Router changes its channel | Fix the Wi-Fi channel to 1, 6 or 11 |

## Rules
| What you notice | Possible cause | Remedy |
| Rule does not start | Rules are paused | Look under Rules, Pause |
| Rule starts twice | Two triggers at once | Add a pause of 1 minute |
| Rule at sunset is late | Offset set | Set the sunrise offset to 0 |
| Away is not noticed | Telephone saves energy | Exempt the app from saving energy |
| Nothing happens on holidays | Holiday calendar | Choose "off" or "every day" |

## Before you call support
1. Write down the code and the time.
2. Open Hub, Help, and tap Save log. It holds the last 14 days and no passwords.
3. Note the version under Hub, About.
4. Allow support access for 24 hours if you are asked to.
"""

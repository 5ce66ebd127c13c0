"""The Nestlink Hub 20 from unpacking to backup: the chapters before the devices, and the last ones."""

OPENING = """
# Safety
!WARNING: Use only the mains adapter BN-HB20-PS, 5 V and 3 A. A weaker adapter makes the hub restart again and again.
- The hub is made for dry rooms between 0 and 40 °C.
- Do not stack other devices on it: the upper side gives off heat.
- Keep 20 cm between the antennas and your body during continuous operation.
- Do not use the hub as the only means to call help or to report fire. It complements smoke alarms and does not replace them.
- Locks, ovens and heaters that are switched from afar need somebody at home who can intervene.
- Keep the label with the installation code. Without it a foreign person cannot join, but neither can you after a loss.

# What the hub does
The Nestlink Hub 20 joins lamps, sensors, locks and household devices of many makers. Rules run in the hub itself: lamps and heating keep
working when the internet is down. The hub manages 128 devices at most, of which 96 may use Zigbee and 64 Thread.

## Radio systems
| System | Band | Most devices | Typical range indoors |
| Zigbee 3.0 | 2.4 GHz | 96 | 15 m from node to node |
| Thread 1.3 | 2.4 GHz | 64 | 12 m from node to node |
| Wi-Fi | 2.4 and 5 GHz | 40 | as far as your router reaches |
| Bluetooth LE | 2.4 GHz | 10 | 8 m |
| Matter | over Thread or Wi-Fi | 64 | as the carrier |

## In the box
| No. | Part | Quantity |
| 1 | Nestlink Hub 20 | 1 |
| 2 | Mains adapter with cable of 1.5 m | 1 |
| 3 | Network cable, 1 m | 1 |
| 4 | Label with installation code, spare | 1 |
| 5 | Wall plate with 2 screws | 1 |

## Connections and button
At the back are the power socket, one network socket for up to 1 Gbit/s, one USB-C socket for a backup stick, and the recessed reset hole.
The only button sits in the middle of the upper side, surrounded by the light ring.
| Press | What happens |
| Once, short | opens pairing for 3 minutes |
| Twice, short | ends pairing, silences an alarm tone |
| Hold 5 seconds | starts the Wi-Fi set-up |
| Hold 8 seconds | restarts the hub |
| Hold 12 seconds | factory reset |

# Light ring
The ring shows the state of the hub. If several apply, the one higher in this table wins.
| Colour | Pattern | Meaning |
| Red | fast blinking | Alarm rule has fired |
| Red | steady | Hardware fault, see the error codes |
| Magenta | steady | Factory reset is running |
| Orange | blinking | Update is being installed, do not unplug |
| Yellow | blinking | No connection to the router |
| Yellow | steady | Local network works, internet does not |
| Blue | slow blinking | Pairing is open |
| Blue | fast blinking | A device is being added |
| Turquoise | breathing | Wi-Fi set-up waits for the telephone |
| White | two short flashes | Command from a voice assistant |
| Green | steady for 5 seconds | Start complete |
| Violet | breathing | Backup is being written |
| Off | none | Normal operation |

The brightness can be set from 0 to 100 % under Hub, Light. Alarms always light at 100 %.

# Set up the hub
## Choose a place
Put the hub in the middle of the home, at least 1 m from the router and not in a metal cupboard. One floor of reinforced concrete costs
about
half the range.

## With a network cable
1. Join hub and router with the network cable.
2. Plug the mains adapter in. The hub starts within 70 seconds.
3. Wait until the ring is green for 5 seconds.
4. Open the app Brightnook Home and tap Add hub.
5. Scan the installation code on the underside.
6. Choose country and time zone. The rules for sunrise depend on them.
7. Choose an administrator password of at least 10 characters.

## Without a cable
1. Plug the mains adapter in and wait for the green ring.
2. Hold the button for 5 seconds until the ring breathes turquoise.
3. Allow Bluetooth on the telephone and tap Add hub, Wi-Fi.
4. Choose the network and enter its password.
5. Wait for up to 90 seconds.
!NOTE: Networks with a sign-in page, as in hotels, are not supported. WPA2 and WPA3 are; WEP is not.

## Set up without the app
Open http://nestlink.local in a browser of the same network. The same steps appear on the hub's own page. The first sign-in uses the eight
digits below
the installation code.

# Network
## Addresses and ports
| Use | Port | Direction |
| Web page and local API | 443 TCP | in, local network only |
| Set-up page | 80 TCP | in, redirects to 443 |
| Cloud connection | 8883 TCP | out |
| Time (NTP) | 123 UDP | out |
| Discovery (mDNS) | 5353 UDP | local |
| Matter | 5540 UDP | local |

Nothing needs to be opened from outside. The hub takes its address by DHCP; a fixed one can be set under Hub, Network.

## Choose between 2.4 and 5 GHz
At 5 GHz the hub disturbs Zigbee less, at 2.4 GHz it reaches farther. If both carry the same name, the hub prefers 5 GHz above -65 dBm.

## Zigbee channel
Channels 11, 15, 20 and 25 can be chosen; 15 is the preset. A change takes 10 minutes, during which battery devices may drop out; press
their button once to
bring them back.

## Mesh
Devices with mains power pass messages on, battery devices do not. Plan one mains device every 10 m. The map under Hub, Mesh shows each
link: green above
150, amber from 80 to 150, red below 80.

## Internet failure
Rules, local voice control and the web page go on working for as long as you like. Messages to telephones away from home wait for up to 48
hours and are then
dropped.

# Users and rights
Up to 12 users share one hub.
| Role | May do |
| Administrator | everything, also restore and reset |
| Resident | use all devices, write own rules |
| Guest | use the rooms that were shared, until a date |
| Child | use own room, no locks, no ovens |
| Installer | pair devices for 24 hours, sees no pictures |

Five wrong passwords lock an account for 15 minutes. Two-step sign-in is offered under Account, Security, and is compulsory for
administrators who open locks from
afar.

# Rooms, scenes and rules
## Rooms
Create up to 40 rooms. A device belongs to one room; a room can belong to one floor.

## Scenes
A scene stores the states of up to 50 devices. One hub holds 100 scenes. Scenes start from the app, a wall switch or by voice.

## Rules
A rule has one trigger or more, conditions, and actions. One hub holds 200 rules of up to 10 actions each.
1. Tap Rules, then the plus sign.
2. Choose a trigger: time, sunrise, device, person, or weather.
3. Add conditions, for example "only when nobody is at home".
4. Add actions, and a delay between 1 second and 12 hours if you like.
5. Tap Try out. The hub runs the actions once.
6. Save.
!CAUTION: Two rules that switch one another are stopped after 20 rounds within a minute, and code H-163 appears.

## Presence
A person counts as away when the telephone has been out of the home network for 10 minutes. The circle for location can be set from 100 to
2000 m.

# Voice assistants
The hub understands 60 sentences in English, German, French, Spanish and Chinese without the internet, through a connected microphone such
as that of a wall
panel. Cloud assistants are linked under Account, Assistants; each sees only the devices that you tick. Unlocking doors by voice needs a
PIN of 4 to 8 digits.

# Backup and restore
## Automatic backup
Every night at 3:30 the hub writes a backup into its memory and keeps the last 7. With a stick of at least 4 GB in the USB-C socket it
also writes there and keeps the
last 30. Backups are encrypted with the administrator password: without it nobody can read them, our support included.

## Make a backup by hand
1. Open Hub, Backup.
2. Tap Back up now. The ring breathes violet.
3. Wait, about 2 minutes for 100 devices.

## Restore
1. Insert the stick or choose a stored backup.
2. Tap Restore and enter the password of that day.
3. Wait until the hub has restarted twice, about 6 minutes.
4. Press the button of each battery device once.

## Move to a new hub
A backup can be restored on another Nestlink Hub 20. Zigbee and Thread devices move with it without pairing; Bluetooth devices must be
paired again. Switch the old hub off
first.

# Updates
The hub looks for updates every night between 2:00 and 4:00. An update takes about 5 minutes; rules pause meanwhile. Choose Hub, Updates
to install by hand or to delay for
up to 30 days. If an update fails, the hub starts the former version by itself. Security updates are promised until the end of 2033.

# Factory reset
!WARNING: A factory reset deletes devices, rules, users and the backups in the hub's memory. Backups on a stick stay.
1. Unplug the backup stick if you want to keep it as it is.
2. Hold the button for 12 seconds, until the ring is magenta.
3. Let go. The hub erases itself for about 4 minutes and restarts.
4. Set it up like a new one.
If the button is broken, push a pin into the reset hole for 20 seconds while you plug the adapter in.

# How to pair a device
The following chapters describe each kind of device. These steps are common to all of them.
1. Bring the device within 2 m of the hub.
2. Press the hub's button once, or tap Devices, plus.
3. Put the device into pairing, as its chapter tells.
4. Wait for the fast blue light, at most 40 seconds.
5. Give a name and a room.
6. Carry the device to its place and press its button once.
To remove a device, open it and tap Remove. If it is lost or broken, tap Remove by force; it is then also forgotten by the mesh after 1
hour.
"""

CLOSING = """
# Privacy
Names of rooms, rules and device states stay in the hub. The cloud receives only what a command from afar needs, and keeps it for 24
hours. Camera clips are kept in the cloud for
30 days at most. Diagnostic data are sent only when you switch on Hub, Help us improve. They hold no names and are deleted after 90 days.

# Technical data
| Property | Nestlink Hub 20 |
| Model | BN-HB20 |
| Processor | four cores, 1.8 GHz |
| Memory | 2 GB RAM, 16 GB storage |
| Devices | 128 |
| Radio | Zigbee 3.0, Thread 1.3, Bluetooth LE 5.2, Wi-Fi 802.11 ac |
| Network socket | 1 Gbit/s |
| Power | 5 V, 3 A over adapter BN-HB20-PS |
| Consumption | 3.2 W typical, 7 W at most |
| Reserve for the clock | 10 days |
| Width, depth, height | 118 x 118 x 34 mm |
| Weight | 240 g |
| Operating temperature | 0 to 40 °C |
| Humidity | 10 to 85 %, no dew |

# Questions and answers
## Does the hub need a subscription?
No. Everything in this manual works without payment, apart from camera clips in the cloud.

## Can I use two hubs in one home?
Yes. Join them under Hub, Partners: the second passes on the devices of the first. Up to 3 hubs form one home with 384 devices.

## Does it run on a power bank?
For a short time, if the power bank supplies 5 V and 3 A without a break. One of 10,000 mAh lasts about 9 hours.

## Which devices do not work?
Z-Wave devices do not work, nor do infrared remote controls and devices on 433 MHz.

## How do I hand the hub over to a new tenant?
Carry out a factory reset and pass on the label with the installation code.

# Warranty and disposal
The warranty is 24 months from delivery. The serial number begins with N20 and stands on the underside. The hub has no battery apart from
a coin cell for the clock, which service can
replace. Electrical devices do not belong in household waste. Support: support@brightnook.example, +1 555 0142, Monday to Saturday from
9:00 to 18:00.
"""

"""The hub's local API: a chapter for people who write their own programs."""

API = """
# Local API
The hub answers HTTPS requests in the home network. Nothing is sent to the cloud. The API is meant for people who program; normal use does
not need it.

## Switch it on
1. Open Hub, Developers, and switch Local API on.
2. Tap New key and choose the rights: read, switch, or manage.
3. Write the key down. It begins with nk_ and is shown only once.
Up to 20 keys can exist. A key that is not used for 180 days expires.

## Requests
Send the key in the header Authorization as "Bearer nk_...". The address is https://nestlink.local/api/v2. Bodies are JSON in UTF-8 and at
most 64 KB long. The limit is 20 requests a
second for each key; above it the hub answers 429 and names the waiting time in Retry-After.
| Method and path | Right | What it does |
| GET /hub | read | Name, version, free memory, uptime |
| GET /devices | read | All devices, at most 50 a page |
| GET /devices/ID | read | One device with its states |
| PUT /devices/ID/state | switch | Sets states, for example on or level |
| DELETE /devices/ID | manage | Removes a device |
| POST /pairing | manage | Opens pairing for 30 to 180 seconds |
| GET /rooms | read | Rooms and floors |
| PUT /scenes/ID/run | switch | Starts a scene |
| GET /rules | read | Rules with their last run |
| PUT /rules/ID/enabled | manage | Switches a rule on or off |
| GET /energy | read | Energy by hour, day or month |
| GET /log | read | The last 5,000 entries |
| POST /backup | manage | Writes a backup |

## Events
Open GET /events as an event stream. The hub sends one line for each change and a comment every 25 seconds to keep the line open. At most
5 streams are open at a time; the sixth closes the
oldest. After a break, send the header Last-Event-ID: the hub keeps the last 1,000 events.

## Answers
| Status | Meaning |
| 200 | Done, the new state is in the body |
| 202 | Sent to a battery device, which answers when it wakes up |
| 400 | The body is not valid; "field" names the place |
| 401 | Key missing or expired |
| 403 | The key lacks the right |
| 404 | No such device, scene or rule |
| 409 | The device is being updated |
| 423 | The hub is restoring a backup |
| 429 | Too many requests |
| 504 | The device did not answer within 8 seconds |

## States of a device
| Field | Kind | Example |
| on | yes or no | true |
| level | 0 to 100 | 65 |
| colour_temperature | kelvin | 2700 |
| temperature | degrees Celsius | 21.5 |
| humidity | per cent | 48 |
| position | 0 closed to 100 open | 30 |
| locked | yes or no | true |
| battery | per cent | 80 |
| power | watt | 12.4 |
| reachable | yes or no | true |
"""

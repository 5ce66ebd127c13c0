"""Which IP addresses may be connected to: those of the public internet, and nothing that leads elsewhere from there."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

NOT_PUBLIC: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers; 100.100.100.200 is a cloud's metadata service
        "127.0.0.0/8",
        "169.254.0.0/16",  # 169.254.169.254 is that of the other clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",  # the unspecified address, the loopback, and IPv4 addresses in their oldest disguise
        "::ffff:0:0/96",  # IPv4 addresses within IPv6
        "::ffff:0:0:0/96",
        "64:ff9b::/96",  # NAT64: any IPv4 address, private ones too
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",  # Teredo among them, which carries an IPv4 address
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries one as well
        "3fff::/20",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
"""Refused whatever `ipaddress.is_global` says, which differs between releases of Python."""


def is_public(text: str) -> bool:
    """Whether ``text`` is an IP address of the public internet. What is no IP address is not."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return address.is_global and not any(address in network for network in NOT_PUBLIC if network.version == address.version)

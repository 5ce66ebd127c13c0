"""Whatever is written as an address, answered as a redirect or given by a name server: nothing private is connected to."""

from pathlib import Path

import pytest

from ingest.web.access import WebAccess
from ingest.web.public_address import is_public
from kb.errors import ConfigurationError
from tests.ingest.web.fake_web import PUBLIC, FakeNames, FakeWeb, Page, access, listed, moved

HOSTILE = [
    # IPv4 in every notation that some resolver takes for 127.0.0.1, 169.254.169.254 or 10.0.0.1
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0x0.0x0.0x1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://0/",
    "https://0.0.0.0/",
    "https://00000.0.0.0/",
    "https://127.0.0.1./",
    "https://127.0.0.0x1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://2852039166/latest/meta-data/",
    "https://0xa9fea9fe/",
    "https://0xA9.0xFE.0xA9.0xFE/",
    "https://0251.0376.0251.0376/",
    "https://169.254.43518/",
    "https://100.100.100.200/latest/",
    "https://10.0.0.1/",
    "https://192.168.0.1/",
    "https://172.16.0.1/",
    "https://198.18.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://8.8.8.8/",  # public, but an address is no name on a list
    # IPv6
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[0:0:0:0:0:ffff:169.254.169.254]/",
    "https://[64:ff9b::169.254.169.254]/",
    "https://[64:ff9b:1::a00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/latest/",
    "https://[ff02::1]/",
    "https://[2606:4700:4700::1111]/",
    # Names beside the one that is allowed
    "https://localhost/",
    "https://localhost.localdomain/",
    "https://shop.example.evil.example/",
    "https://evil-shop.example/",
    "https://xshop.example/",
    "https://www.shop.example/",
    "https://example/",
    "https://shop.example./",
    "https://metadata.google.internal/",
    "https://127.0.0.1.nip.io/",
    "https://ѕhop.example/",  # a Cyrillic s
    "https://shop。example.evil.example/",
    "https://①②⑦.⓪.⓪.①/",
    "https://１２７.0.0.1/",
    # User names, and what makes two parsers see two hosts
    "https://shop.example@127.0.0.1/",
    "https://shop.example:443@169.254.169.254/",
    "https://user:secret@shop.example/",
    "https://user@shop.example/",
    "https://@127.0.0.1/",
    "https://127.0.0.1\\@shop.example/",
    "https://shop.example\\@127.0.0.1/",
    "https://127.0.0.1#@shop.example/",
    "https://127.0.0.1?@shop.example/",
    "https://127.0.0.1;shop.example/",
    "https://shop.example%00.127.0.0.1/",
    "https://shop.example%2f@127.0.0.1/",
    "https://shop.example%252f@127.0.0.1/",
    "https://shop.example\t@127.0.0.1/",
    "https://%31%32%37.0.0.1/",
    "https:///127.0.0.1/",
    "https:127.0.0.1/",
    "https:///",
    # Other schemes and ports
    "http://shop.example/",
    "http://127.0.0.1/",
    "https://shop.example:22/",
    "https://shop.example:6379/",
    "https://shop.example:8443/",
    "https://shop.example:0/",
    "https://shop.example:99999/",
    "https://shop.example:443x/",
    "http://plain.example:8080/",
    "ftp://shop.example/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_INFO",
    "data:text/html,<p>x</p>",
    "jar:https://shop.example!/",
]

PRIVATE = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
172.31.255.255
192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.9 224.0.0.1 224.0.1.1
239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1
64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2001:10::1 2001:20::1
2002:7f00:1:: 2002:808:808:: 3fff::1 fc00::1 fd00:ec2::254 fe80::1
fe80::1%eth0 fec0::1 ff02::1 ff0e::1 127.1 2130706433 0x7f000001 017700000001 localhost
""".split()


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE)) >= 80 and len(set(PRIVATE)) >= 50


@pytest.mark.parametrize("address", HOSTILE)
def test_no_hostile_address_is_asked_for(tmp_path: Path, address: str) -> None:
    web, names = FakeWeb({}), FakeNames()
    listing = listed(tmp_path, access(web, names), address, "# a list of one")
    assert not web.requests and not names.questions
    assert len(listing.refused) == 1 and not listing.files and not listing.notes
    assert "secret" not in str(listing)


@pytest.mark.parametrize("address", HOSTILE)
def test_no_redirect_leads_to_one(tmp_path: Path, address: str) -> None:
    pages = {"https://shop.example/start": moved(address)}
    web, names = FakeWeb(pages), FakeNames()
    listing = listed(tmp_path, access(web, names), "https://shop.example/start")
    assert web.ips[:1] == [PUBLIC] and {request.headers["host"] for request in web.requests} == {"shop.example"}
    assert {host for host, _ in names.questions} == {"shop.example"}
    assert not listing.files


@pytest.mark.parametrize("ip", PRIVATE)
def test_a_name_that_leads_to_a_private_address_is_not_followed(tmp_path: Path, ip: str) -> None:
    assert not is_public(ip)
    for answer in ([ip], [PUBLIC, ip], [ip, PUBLIC]):
        web = FakeWeb({})
        listing = listed(tmp_path, access(web, FakeNames(answer)), "https://shop.example/")
        assert not web.requests
        assert "not of the public internet" in listing.refused[0].reason


@pytest.mark.parametrize("ip", ["8.8.8.8", "1.1.1.1", PUBLIC, "223.5.5.5", "2606:4700:4700::1111", "2400:3200::1"])
def test_public_addresses_are_public(ip: str) -> None:
    assert is_public(ip)


def test_a_name_that_is_bound_anew_between_two_requests(tmp_path: Path) -> None:
    pages = {"https://shop.example/a": moved("/b"), "https://shop.example/b": Page()}
    web, names = FakeWeb(pages), FakeNames([PUBLIC], ["127.0.0.1"])
    listing = listed(tmp_path, access(web, names), "https://shop.example/a")
    assert web.ips == [PUBLIC] and len(names.questions) == 2
    assert "127.0.0.1, which is not of the public internet" in listing.refused[0].reason


def test_a_name_is_resolved_once_for_each_request(tmp_path: Path) -> None:
    """A second look-up between the check and the connection could give another address."""
    web, names = FakeWeb({"https://shop.example/": Page()}), FakeNames([PUBLIC], ["127.0.0.1"])
    listing = listed(tmp_path, access(web, names), "https://shop.example/")
    assert names.questions == [("shop.example", 443)] and web.ips == [PUBLIC] and len(listing.files) == 1


def test_the_systems_own_resolver_is_checked_too(tmp_path: Path) -> None:
    web = FakeWeb({})
    listing = listed(tmp_path, WebAccess(("localhost",), connect=lambda: web), "https://localhost/")
    assert not web.requests and "not of the public internet" in listing.refused[0].reason


ENTRIES = "* *.example 127.0.0.1 0x7f.1 [::1] shop.example/x shop.example:8080 ftp://a.example a@b.c".split()


@pytest.mark.parametrize("entry", ["", *ENTRIES])
def test_what_cannot_stand_on_the_list_of_hosts(tmp_path: Path, entry: str) -> None:
    with pytest.raises(ConfigurationError, match="CITEDESK_WEB_HOSTS"):
        listed(tmp_path, WebAccess(("shop.example", entry), connect=lambda: FakeWeb({})), "https://shop.example/")

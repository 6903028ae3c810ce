"""Secrets that their place gives away, and what stands in such places without being one."""

import pytest

from extproc.inspectors.sensitivity import Analyzer

ANALYZER = Analyzer()
SIG = "3q2%2B7wR1xZ8k0vYbL5nQpT6uFhJmCsDgE4aHiKoVtWc%3D"
HEX = "9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015"
DJANGO = "django-insecure-8x!m2k$4v@q7z^p0w#e9r&t5y*u1i(o3a-s6d_f+g=h"


def found(text: str) -> list[str]:
    return [text[e.start : e.end] for e in ANALYZER.scan(text) if e.type == "SECRET"]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"https://acme.blob.core.windows.net/b/db.bak?sv=2022-11-02&sp=rl&sig={SIG}", SIG),
        (f"https://b.s3.amazonaws.com/k?X-Amz-Expires=300&X-Amz-Signature={HEX}", HEX),
        ("db.internal:5432:orders:app:kT9#vLq2mZ", "kT9#vLq2mZ"),
        ("my .pgpass:\nlocalhost:*:*:postgres:Sommer2024!\n", "Sommer2024!"),
        ("Set-Cookie: session=x9A0kq3zTv9m4b5n2m4l6j8h; HttpOnly", "x9A0kq3zTv9m4b5n2m4l6j8h"),
        ("Cookie: lang=de; JSESSIONID=9A3F5C7E1B2D4F6A8C0E; a=b", "9A3F5C7E1B2D4F6A8C0E"),
        (f"SECRET_KEY = '{DJANGO}'", DJANGO),
        ("the router is root / Kx92!mmPq if you need it", "Kx92!mmPq"),
        ("credentials for staging are qa_user / Mango-Tree-77!", "Mango-Tree-77!"),
        ("user deploy, pw Tr0ub4dor&3x", "Tr0ub4dor&3x"),
    ],
)
def test_found(text: str, secret: str):
    assert found(text) == [secret]


@pytest.mark.parametrize(
    "text",
    [
        "?sv=2020-08-04&sig=abcd", "?sig=<signature>", '"sig" is short for signature',
        "# hostname:port:database:username:password", "10:30:45:12:00", "a:5432:b:c:xxxxxxxx",
        "Set-Cookie: theme=dark; Path=/", "Set-Cookie: session=deleted; Path=/",
        "Cookie: csrftoken=8f3kq0z1x9v7b5n2m4l6j8h0", "the cookie session is short",
        "django-insecure-change-me", "root / boot / home are partitions", "admin / user / guest roles",
        "admin/Dashboard2View loads", "credentials are in the vault / see the wiki",
    ],
)  # fmt: skip
def test_left_alone(text: str):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    ["10.2.0.4 to 11.2.0.4", "10.2.0.4 -> 11.2.0.4", "from 10.2.0.4 to 11.2.0.4 to 12.1.0.2"],
)
def test_ranges_of_versions_are_no_addresses(text: str):
    assert not [e for e in ANALYZER.scan(text) if e.score >= 0.5]


@pytest.mark.parametrize("text", ["10.2.0.4 to 10.2.0.9", "192.168.1.1 to 10.0.0.1", "ping 10.2.0.4"])  # fmt: skip
def test_ranges_of_hosts_are(text: str):
    assert [e for e in ANALYZER.scan(text) if e.type == "IP_ADDRESS" and e.score >= 0.5]

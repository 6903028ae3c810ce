"""Secrets of command lines, of calls in programs and of devices' settings: where their place says what they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extproc.inspectors.sensitivity.match import Match
from extproc.inspectors.sensitivity.placeholders import looks_made_up
from extproc.inspectors.sensitivity.plain import Plain
from extproc.inspectors.sensitivity.secrets import SECRET
from extproc.inspectors.sensitivity.values import chosen, number, strong, told

_GIVEN = rb"[\"']?([^\s\"'$<{\[-][^\s\"']{3,128})"
_FLAGS: dict[bytes, re.Pattern[bytes]] = {
    tool: re.compile(pattern)
    for tools, pattern in (
        (
            b"curl httpie xh",
            rb"(?:-u|--user)[\s=]{1,3}[\"']?(?:[^\s\"':$<{\[]{1,64}:([^\s\"'$<{\[][^\s\"']{2,128})|([^\s\"':$<{\[]{6,64}):)",
        ),
        (
            b"sshpass mysql mysqldump mysqladmin mariadb redis-cli",
            rb"\s(?:-[pa]|--pass(?:word)?=?)\s?" + _GIVEN,
        ),
        (
            b"ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldappasswd ldapcompare add-generic-password",
            rb"\s-[wsa]\s?(?![\"']?[a-z]{2,5}://)" + _GIVEN,
        ),
        (
            b"sqlcmd osql bcp tsql mosquitto_pub mosquitto_sub unzip zip ipmitool",
            rb"\s-P\s?" + _GIVEN,
        ),
        (b"docker podman oras skopeo buildah nerdctl", rb"\slogin\b.{0,200}?\s-p\s?" + _GIVEN),
        (
            b"mongo mongosh mongodump mongorestore helm psexec rar unrar 7z 7za svn",
            rb"\s(?:-p|-hp)\s?" + _GIVEN,
        ),
        (b"plink pscp psftp putty", rb"\s-pw\s" + _GIVEN),
        (b"xfreerdp wfreerdp cmdkey", rb"\s/p(?:ass)?:" + _GIVEN),
        (
            b"smbclient rpcclient winexe smbmap nxc crackmapexec",
            rb"\s-[Uup]\s?[\"']?(?:[^\s\"'%]{1,64}%)?" + _GIVEN,
        ),
        (b"openssl", rb"\bpass:" + _GIVEN + rb"|\s-[kK]\s" + _GIVEN),
        (
            b"sqlplus expdp impdp rman sqlldr",
            rb"\s[\"']?[A-Za-z][\w$#]{0,30}/[\"']?([^\s\"'@/]{4,64})(?=[\"']?@)",
        ),
        (b"htpasswd", rb"\s-[a-zA-Z]*b[a-zA-Z]*\s\S{1,120}\s\S{1,64}\s" + _GIVEN),
        (b"wpa_passphrase", rb"\s(?:\"[^\"]{1,32}\"|\S{1,32})\s" + _GIVEN),
        (b"snmpwalk snmpget snmpset snmpbulkwalk", rb"\s-c\s?" + _GIVEN),
        (b"gpg gpg2", rb"\s--passphrase[\s=]" + _GIVEN),
    )
    for tool in tools.split()
}
"""What follows the secret's flag, by tool."""
_WORDS = frozenset(
    {
        b"password",
        b"passwd",
        b"pass",
        b"token",
        b"test",
        b"secret",
        b"yyy",
        b"pwd",
        b"public",
        b"private",
    }
)
_LINE = 600


def _likely(value: bytes, *, say: Callable[[bytes], bool] = chosen) -> bool:
    return value.lower() not in _WORDS and say(value) and not looks_made_up(value, words=True)


@dataclass(frozen=True, slots=True)
class CommandLine:
    """``curl -u user:password``; a user alone with a colon may be a token. Flags of other tools."""

    trigger: bytes = rb"\b(?:" + rb"|".join(sorted(_FLAGS, reverse=True)) + rb")\b"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        tool = _FLAGS.get(text.body[start:end])
        if tool is None:
            return
        line = text.body.find(b"\n", end, end + _LINE)
        if line > 0 and text.body[line - 1 : line] == b"\\":
            line = -1
        match = tool.search(text.body, end, line if line >= 0 else end + _LINE)
        if match is None or not match.lastindex:
            return
        if _likely(match[match.lastindex], say=told):
            yield Match("SECRET", *match.span(match.lastindex), 0.85)


_ECHOED = re.compile(
    rb"\b(?:echo|printf)\s+(?:-[ne]\s+)?[\"']?(?:[a-z_][\w.-]{0,31}:)?([^\s\"'|$<{:][^\s\"'|:]{5,64})(?:\\n)?[\"']?\s*\|\s*(?:sudo\s+)?$"
)


@dataclass(frozen=True, slots=True)
class Piped:
    """``echo 'user:VALUE' | chpasswd``, ``echo VALUE | sudo -S …``, ``… | docker login --password-stdin``."""

    trigger: bytes = (
        rb"\b(?:chpasswd|passwd|sudo|cryptsetup|gpg)\b|\b(?:docker|podman|helm|gh|az)\b"
    )
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del end
        if text.body[max(0, start - 8) : start].find(b"|") < 0:
            return
        echoed = _ECHOED.search(text.body, max(0, start - 160), start)
        if echoed is not None and _likely(echoed[1]):
            yield Match("SECRET", *echoed.span(1), 0.85)


_LAST = re.compile(
    rb"[^()\n]{0,240}?,\s{0,4}[brN]?([\"'])([^\s\"'\\]{4,128})\1\s{0,4}(?:,\s{0,3}[A-Z_a-z.]{1,40}\s{0,3})?\)"
)
_ONLY = re.compile(rb"\s{0,2}(?:[a-z_]{1,20}\s?=\s?)?([\"'])([^\s\"'\\]{6,512})\1\s{0,2}\)")


@dataclass(frozen=True, slots=True)
class Calls:
    """``login("user", "VALUE")``: the last text that such a call is given; a token alone."""

    trigger: bytes = (
        rb"(?i)(?:login|log_in|signin|sign_in|networkcredential|basicauth|basic_auth|getconnection|"
        rb"passwordauthentication|credentials|authenticate|auth|password|passphrase|connect|securestring|userpass|client)\("
    )
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        body = text.body
        word = text.lower[start : end - 1]
        last = _LAST.match(body, end)
        if last is not None:
            say = _drawn if word == b"client" else strong if word in _VAGUE else told
            if _likely(last[2], say=say):
                yield Match("SECRET", *last.span(2), 0.8)
            return
        only = _ONLY.match(body, end)
        if only is None or _LOOKED_UP.search(text.lower, max(0, start - 8), start):
            return
        if _likely(only[2], say=told if word.startswith(b"pass") else _random):
            yield Match("SECRET", *only.span(2), 0.8)


_VAGUE = frozenset({b"auth", b"connect", b"authenticate", b"credentials", b"password"})
"""Calls that take much else besides."""
_LOOKED_UP = re.compile(rb"(?:get|fetch|load|read|find|has|is|verify|check)_?$")


def _random(value: bytes) -> bool:
    return _TOKEN.fullmatch(value) is not None and len(set(value)) >= _SIGNS


def _drawn(value: bytes) -> bool:
    """Whether it is drawn at random, as nothing else that a client is given."""
    return _DRAWN.fullmatch(value) is not None and len(set(value)) >= _SIGNS - 2


_DRAWN = re.compile(
    rb"(?=[a-f]*[0-9])[0-9a-f]{32,128}|(?=[^0-9]*[0-9])(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])[A-Za-z0-9_-]{32,128}"
)
_TOKEN = re.compile(rb"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_.-]{20,512}")
_SIGNS = 12
_SET: dict[bytes, re.Pattern[bytes]] = {
    b"community": re.compile(
        rb"[\s:=]{1,3}(?:string\s)?[\"']?([A-Za-z0-9!@#$%^&*_.+-]{6,64})(?=[\"']?\s(?:R[OW]|ro|rw|view|ipv4|[0-9])|\s*$|\n)"
    ),
    b"securestring": re.compile(rb"\s+(?:-String\s+)?[\"']([^\"'\s$]{4,128})[\"']"),
    b"from-literal": re.compile(rb"[\s=]{1,3}[\"']?[\w.-]{1,60}=[\"']?([^\s\"'$<{]{4,512})"),
    b"/user": re.compile(rb":\S{1,64}\s+([^\s/\"'$%<]{6,64})"),
    b"secret": re.compile(
        rb"[ \t]+(?:[05789][ \t]+)?[\"']?([^\s\"';,<>{}()]{6,128})[\"']?;?[ \t]*(?:$|\n|\r)"
    ),
    b"-server": re.compile(rb"[^\n]{0,60}?\skey\s(?:[0-9]\s)?[\"']?([^\s\"'<$]{6,64})"),
    b"priv": re.compile(rb"\s(?i:3?des|aes\S{0,4})\s(?:[0-9]{3}\s)?([^\s\"'<$]{8,64})"),
    b"thin": re.compile(rb":[A-Za-z][\w$#]{0,30}/([^\s\"'@/]{4,64})(?=@)"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """``snmp-server community VALUE RW``, ``username x secret VALUE``, ``ConvertTo-SecureString "VALUE"``."""

    trigger: bytes = rb"\b(?:(?:rw|ro)?community|[Cc]onvert[Tt]o-[Ss]ecure[Ss]tring|from-literal|secret|oracle:thin|priv|(?:radius|tacacs)-server)\b|/user|/USER|/add\b|/ADD\b"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        word = text.lower[start:end]
        if word in _BACK:
            named = _BACK[word].search(text.body, max(0, start - 120), start)
            if named is not None and _likely(named[1], say=told):
                yield Match("SECRET", *named.span(1), 0.8)
            if word != b"priv":
                return
        if word == b"/user":
            mapped = _MAPPED.search(text.body, max(0, start - 200), start)
            if mapped is not None and _likely(mapped[1], say=told):
                yield Match("SECRET", *mapped.span(1), 0.8)
                return
        key = next(one for one in _SET if word.endswith(one))
        found = _SET[key].match(text.body, end)
        if found is None:
            return
        value = found[1]
        if key == b"secret" and not _ACCOUNT.search(text.body, max(0, start - 64), start):
            return
        if key == b"community" and not _DEVICE.search(text.body, max(0, start - 24), end):
            return
        if _likely(value, say=told) or (number(value) and key == b"/user"):
            yield Match("SECRET", *found.span(1), 0.8)


_BACK: dict[bytes, re.Pattern[bytes]] = {
    b"/add": re.compile(
        rb"(?i)\bnet(?:\.exe)?\s+user\s+\S{1,40}\s+[\"']?([^\s/\"'%<*]{6,64})[\"']?\s+$"
    ),
    b"priv": re.compile(rb"\bauth\s(?i:md5|sha\S{0,4})\s([^\s\"'<$]{8,64})\s$"),
}
"""What stands before the word."""
_MAPPED = re.compile(
    rb"(?i)\bnet(?:\.exe)?\s+use\s+(?:[a-z*]:?\s+)?[\"']?(?:\\\\|//)[^\n]{1,120}?\s+[\"']?([^\s/\"'%<]{6,64})[\"']?\s+$"
)
"""``net use Z: \\\\server\\share VALUE /user:name``."""
_ACCOUNT = re.compile(
    rb"\b(?:username \S{1,40}|enable)(?: privilege [0-9]{1,2})? $|^[ \t]*$|\n[ \t]*$"
)
_DEVICE = re.compile(rb"(?i)snmp|r[ow]community|trap|set ")
_TCP = re.compile(rb"[A-Za-z0-9_.-]{1,64}:([^\s:/@\"'<>]{4,128})$")


@dataclass(frozen=True, slots=True)
class DriverName:
    """``user:VALUE@tcp(host:3306)/name`` of Go's drivers, where no scheme stands."""

    trigger: bytes = rb"@(?:tcp|unix)\("
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del end
        found = _TCP.search(text.body, max(0, start - 200), start)
        if found is not None and _likely(found[1]):
            yield Match("SECRET", *found.span(1), 0.85)

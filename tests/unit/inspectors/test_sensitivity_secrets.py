"""Secrets: vendor keys, private keys, passwords; samples and references left alone.

Keys are put together from parts, so that scanners of this repository stay quiet.
"""

import pytest

from extproc.inspectors.sensitivity.analyzer import Analyzer

ANALYZER = Analyzer()
HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
MIXED = "Zk3Qw9Lx7Vb2Nn5Mh8Jt4Rf6Yc1Pd0SgUaWeXiToBuKlEy"
B64 = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"
JWT = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VybmFtZTpib2IifQ."
    "HcfCW67Uda-0gz54ZWTqmtgJnZeNem0Q757eTa9EZuw"
)


def secrets(text: str) -> list[str]:
    return [text[e.start : e.end] for e in ANALYZER.scan(text) if e.type == "SECRET"]


VENDOR_KEYS = [
    "AKIA" + "2E0A8F3B244C9986",
    "ASIA" + "QWERTY34UIOP5678",
    "AIza" + "SyA5_iVawFQ8ABuTZNUdcwERLJv_a_p4wtM",
    "ya29." + MIXED[:40],
    "ghp_" + MIXED[:36],
    "ghs_" + MIXED[:36],
    "github_pat_" + "11ABCDEFG0" + MIXED[:40],
    "glpat-" + MIXED[:20],
    "xoxb" + "-781236542736-2364535789652-GkwFDQoHqzXDVsC6GzqYUypD",
    "sk_" + "live_" + MIXED[:24],
    "sk-" + MIXED[:40],
    "sk-proj-" + MIXED + "_" + MIXED[:20],
    "sk-ant-" + "api03-" + MIXED + "-" + MIXED[:40] + "AA",
    "hf_" + "QJPYADbNZNWUpZuQJgcVJxsXPBEFmgWkQK",
    "npm_" + MIXED[:36],
    "SG." + MIXED[:22] + "." + MIXED[:43],
    "dapi" + HEX[:32],
    "hvs." + MIXED[:30],
    "dop_v1_" + HEX,
    "glsa_" + MIXED[:32] + "_486f63e1",
    "sha256~" + MIXED[:43],
    JWT,
]


@pytest.mark.parametrize("key", VENDOR_KEYS)
@pytest.mark.parametrize(
    "frame", ["{}", "use {} please", 'x = "{}"', "KEY={}\n", "日本{}です", "({})."]
)
def test_vendor_keys(key: str, frame: str):
    assert secrets(frame.format(key)) == [key]


@pytest.mark.parametrize("key", VENDOR_KEYS)
def test_a_key_inside_a_longer_word_is_none_of_the_vendor(key: str):
    assert all(key not in found for found in secrets("abc" + key + "abc"))


def test_a_private_key_is_found_whole():
    pem = f"-----BEGIN RSA PRIVATE KEY-----\n{B64}\n{B64}\n-----END RSA PRIVATE KEY-----"
    assert secrets(f"here:\n{pem}\nthanks") == [pem]
    escaped = pem.replace("\n", "\\n")
    assert secrets(f'{{"private_key": "{escaped}"}}') == [escaped]


def test_a_private_key_without_its_end_is_found():
    cut = f"-----BEGIN PRIVATE KEY-----\n{B64}"
    assert secrets(cut) == [cut]
    assert secrets(f"{cut}\nis all I have") == [cut]


PASSWORDS = [
    ("my password is Hunter2!", "Hunter2!"),
    ("password: s3cr3t-Value", "s3cr3t-Value"),
    ('"password": "c0rrect.horse"', "c0rrect.horse"),
    ("DB_PASSWORD=9xK!vB2q", "9xK!vB2q"),
    ("the password for admin is Tr0ub4dor&3.", "Tr0ub4dor&3"),
    ("postgres://joe:s3cr3tpw@db.host:5432/app", "s3cr3tpw"),
    ("curl -u elastic:P@ssw0rd$1 https://localhost:9200", "P@ssw0rd$1"),
    ("Authorization: Bearer " + HEX[:32], HEX[:32]),
    ("-H 'X-API-Key: " + MIXED[:24] + "'", MIXED[:24]),
    ("client_secret = '" + MIXED[:30] + "'", MIXED[:30]),
    ('apiKey: "' + HEX[:32] + '"', HEX[:32]),
    (
        "heroku_api_key = '832d2129-a846-4e27-99f4-7004b6ad53ef'",
        "832d2129-a846-4e27-99f4-7004b6ad53ef",
    ),
    ("AWS_SECRET_ACCESS_KEY=" + MIXED[:40], MIXED[:40]),
    ('os.environ["API_TOKEN"] = "' + MIXED[:32] + '"', MIXED[:32]),
    ("SMTP_PASS=Tr0ub4dor&3x", "Tr0ub4dor&3x"),
    ("Passwort: tango77Foxtrot", "tango77Foxtrot"),
    ("la contraseña es tango77Foxtrot", "tango77Foxtrot"),
    ("mot de passe : monkey!Bus88", "monkey!Bus88"),
    ("Hasło: zebra_Lamp_19", "zebra_Lamp_19"),
    ("machine x login dev password n0tMyD0g?!", "n0tMyD0g?!"),
    ("sshpass -p 'V1a-Appia-312' ssh deploy@h", "V1a-Appia-312"),
    ("mysql -u backup -ps3cr3tSauce! crm", "s3cr3tSauce!"),
    ('app.secret_key = b"' + HEX[:48] + '"', HEX[:48]),
    ("ALGOLIA_ADMIN_KEY=" + HEX[:32], HEX[:32]),
    ("AccountName=prod;AccountKey=" + MIXED[:40] + "==", MIXED[:40] + "=="),
    ("setup --token " + MIXED[:40], MIXED[:40]),
]


@pytest.mark.parametrize(("text", "value"), PASSWORDS, ids=[text for text, _ in PASSWORDS])
def test_values_under_a_telling_name(text: str, value: str):
    assert secrets(text) == [value]


LEFT_ALONE = [
    "AKIAIOSFODNN7EXAMPLE",
    "aws_access_key: AKIAIOSFODNN7EXAMPLE",
    "ghp_" + "x" * 36,
    "sk-" + "your-api-key-here",
    "OPENAI_API_KEY=<token>",
    "token: ${API_TOKEN}",
    "token = os.environ['TOKEN_2']",
    "const apiKey = process.env.API_KEY_1",
    "password=********",
    "password = getpass.getpass()",
    "password: required, at least 8 characters",
    "the password is wrong",
    "password reset link",
    "key = hashlib.sha256(data).hexdigest()",
    "max_tokens=4096",
    "def load(key: PKCS12PrivateKeyTypes) -> None:",
    "private_key: x25519.X25519PrivateKey",
    "password = base64.b16encode(raw)",
    '"Authorization": sigv4_auth',
    "s3://my_key:my_secret@my_bucket/key",
    "primary_key: 4bf92f3577b34da6a3ce929d0e0e4736",
    "public_key = " + HEX,
    "clientId = '73082700-1f09-405b-80d0-3131bfd6272d'",
    "commit " + HEX[:40],
    "sha256:" + HEX,
    "https://user@example.com/path",
    "postgres://user:password@localhost/db",
    "postgres://user:${DB_PASSWORD}@host/db",
    "curl -u username:password https://x",
    "curl -u $USER:$PASS https://x",
    "Authorization: Bearer <token>",
    "Authorization: Bearer XXXXXXXXXXXXXXXXXXXXXXXX",
    "-----BEGIN PUBLIC KEY-----\n" + B64 + "\n-----END PUBLIC KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY----------END OPENSSH PRIVATE KEY-----",
    "the secret to happiness is gratitude",
    "the key is under the mat",
    "keyboard: qwerty123456",
    "monkey = banana12345678",
    "key: user:10432:profile:v2",
    "arn:aws:secretsmanager:eu-west-1:925274975415:secret:prod/db-a1B2c3",
    "pass the salt, it is 20 past 8",
    "passe-moi le sel",
    "cacheKey: 4bf92f3577b34da6a3ce929d0e0e4736",
    "min_key=4bf92f3577b34da6a3ce929d0e0e4736",
    "mysql --port 3306 -proto tcp",
]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text: str):
    assert secrets(text) == []


def test_two_secrets_in_one_text():
    assert secrets(f"{VENDOR_KEYS[0]} {VENDOR_KEYS[4]}") == [VENDOR_KEYS[0], VENDOR_KEYS[4]]


def test_a_pair_of_name_and_password_is_read_to_its_end():
    call = 'requests.get(url, auth=("{}", "{}"))'
    assert secrets(call.format("svc-report", "Blau7!wolke")) == ["Blau7!wolke"]
    assert secrets(call.format("me", "Blau7!wolke")) == ["Blau7!wolke"]
    assert secrets(call.format("user", "password")) == []
    assert secrets("auth=(first, second)") == []

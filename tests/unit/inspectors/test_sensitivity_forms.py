"""Secrets in the forms that they have in the wild, each beside what looks like it and is none.

Keys are put together from parts, so that scanners of this repository stay quiet.
"""

from __future__ import annotations

import base64
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extproc.inspectors.sensitivity.analyzer import Analyzer

ANALYZER = Analyzer()
HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
MIXED = "Zk3Qw9Lx7Vb2Nn5Mh8Jt4Rf6Yc1Pd0SgUaWeXiToBuKlEy"
PW = "Gr33nH0use.2"
B43 = "QIj6unHZ51u1qoox9Lm2HJoTjbfbrp0X9dOrkYCgA0d"
DER = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"
UUID = "832d2129-a846-4e27-99f4-7004b6ad53ef"
WORDS = "ribbon trophy nasty olive lunar hedgehog panic update salmon virtual muffin cradle"
LISTED = " ".join(f"{place} {word}" for place, word in enumerate(WORDS.split(), 1))
SALT = "p]~Q|:u7>kXc@L4n$;Hs0w!RzE9b^aVtYd2(GfM+TqJ6i%PoC8&xK1*N5<Ujl3?"
PEM64 = base64.b64encode(b"-----BEGIN RSA PRIVATE" + b" KEY-----\n" + DER.encode() + b"\n").decode()


def secrets(text: str) -> list[str]:
    return [text[e.start : e.end] for e in ANALYZER.scan(text) if e.type == "SECRET"]


FORMS = {
    "settings": [
        (f'variable "db_password" {{\n  type = string\n  default = "{PW}"\n}}', None),
        (f'variable "db_password" {{\n  default = "{PW}"\n}}', PW),
        (f"- name: DB_PASSWORD\n  value: {PW}", PW),
        (f'{{"name": "DB_PASSWORD", "value": "{PW}"}}', PW),
        (f"<password>{PW}</password>", PW),
        (f"<clientSecret>{MIXED[:30]}</clientSecret>", MIXED[:30]),
        (f"<password><![CDATA[{PW}]]></password>", PW),
        (f'<property name="hibernate.connection.password">{PW}</property>', PW),
        (f'<add key="SmtpPassword" value="{PW}" />', PW),
        (f"<key>Password</key>\n\t<string>{PW}</string>", PW),
        (f"<tr><td>Password</td><td>{PW}</td></tr>", PW),
        (f"spring.datasource.password={PW}", PW),
        (f"password: |\n    {PW}\n", PW),
        (f"password: !!str {PW}", None),
        (f"Password:\n\n  {PW}\n", PW),
        (f"requirepass {PW}", PW),
        (f"bindpw {PW}", PW),
        (f'wpa-psk "{PW}"', PW),
        (f"    psk={PW}", PW),
        (f"ENV DB_PASSWORD {PW}", PW),
        (f"Driver={{ODBC Driver 18}};Server=erp01;Uid=sa;Pwd={'OsuFYzMBkaYjKcC'};", "OsuFYzMBkaYjKcC"),
        ("$Password := 'tango77Foxtrot'", "tango77Foxtrot"),
        ('"password": "a,b;C9{x}d"', "a,b;C9{x}d"),
        ('{"password":"abc\\"def9X!kk"}', 'abc\\"def9X!kk'),
        ('password = "Tr0ub4" + "dor&3x"', 'Tr0ub4" + "dor&3x'),
        ('password = "Tr0ub4" \\\n    "dor&3x"', 'Tr0ub4" \\\n    "dor&3x'),
        ("password: aHVudGVyMg==", "aHVudGVyMg=="),
        (f"https://h/login?user=bob&password={PW}&next=home", PW),
        (f'client = Ledger(user="rosa", api_key="{MIXED[24:46].translate(str.maketrans("0123456789", "qWxYzKvJpR"))}Hk")', None),
        (f"db:\n  pass: {PW}\n  host: x", PW),
    ],
    "sentences": [
        (f"the root pw on the old NAS is {PW}, please change it", PW),
        ("Wifi for the back office: network Acme, passphrase tango77Foxtrot", "tango77Foxtrot"),
        (f"Das Kennwort für den Zugang der Anlage lautet {PW}", PW),
        (f"Le mot de passe du compte de secours est {PW}, merci", PW),
        ("La contraseña del servidor de copias es iKTru0bzE6Hi, usuario backup", "iKTru0bzE6Hi"),
        (f"Il codice va bene. La password del router è {PW}", PW),
        (f"A senha do roteador é {PW}", PW),
        (f"Het wachtwoord van de server is {PW}.", PW),
        (f"Lösenordet till routern är {PW}", PW),
        (f"Hasło do panelu: {PW}", PW),
        (f"пароль от почты: {PW}", PW),
        (f"Пароль {PW}", PW),
        (f"密码是 {PW}", PW),
        (f"パスワード：{PW}", PW),
        (f"the password for the guest network in the lobby: {PW}", PW),
        (f"her new pw: **{PW}**", PW),
        (f"my API key for the staging account is {MIXED[:32]}", MIXED[:32]),
        (f"use api key {MIXED[:32]} for it", MIXED[:32]),
        ("the wifi password is 4917201836", "4917201836"),
    ],
    "commands": [
        (f"clickhouse-client --host ch1 --user loader --password '{PW}'", PW),
        ("ldapsearch -x -D cn=reader -w mOhNQSpwZzXg9r -b dc=acme", "mOhNQSpwZzXg9r"),
        (f"docker login -u build -p {PW} registry.acme.io", PW),
        (f"sqlcmd -S erp -U sa -P '{PW}' -Q 'select 1'", PW),
        (f"mosquitto_pub -h b -u dev -P {PW} -t x -m 1", PW),
        (f"plink -ssh root@h -pw {PW}", PW),
        (f"xfreerdp /v:h /u:anna /p:{PW}", PW),
        (f"smbclient //srv/share -U anna%{PW}", PW),
        (f"openssl rsa -in k.pem -passin pass:{PW}", PW),
        ("sqlplus scott/T1ger_77@//db:1521/orcl", "T1ger_77"),
        (f"htpasswd -nb admin {PW}", None),
        (f"htpasswd -b /etc/nginx/pw admin {PW}", PW),
        (f"echo '{PW}' | sudo -S apt update", PW),
        (f"echo 'root:{PW}' | chpasswd", PW),
        ("snmp-server community dacNcj3M3kEP RW", "dacNcj3M3kEP"),
        ("username admin privilege 15 secret 0 " + PW, PW),
        (f'ConvertTo-SecureString "{PW}" -AsPlainText -Force', PW),
        (f"kubectl create secret generic db --from-literal=pw={PW}", PW),
        (f"net use Z: \\\\srv\\x /user:acme\\bob {PW}", PW),
        (f"gpg --batch --passphrase {PW} -c f", PW),
        (f"aws configure set aws_secret_access_key {MIXED[:40]}", MIXED[:40]),
        (f"wg set wg0 peer x preshared-key <(echo {B43}=)", f"{B43}="),
        (f"wpa_passphrase Acme {PW}", PW),
    ],
    "databases": [
        (f"CREATE USER bob IDENTIFIED BY '{PW}';", PW),
        (f"ALTER USER 'bob'@'%' IDENTIFIED WITH mysql_native_password BY '{PW}';", PW),
        (f"CREATE ROLE app LOGIN PASSWORD '{PW}';", PW),
        (f"CREATE LOGIN sa WITH PASSWORD = N'{PW}';", PW),
        (f"SET PASSWORD FOR 'bob'@'%' = PASSWORD('{PW}');", PW),
        (f"app:{PW}@tcp(db:3306)/orders?parseTime=true", PW),
        (f"jdbc:oracle:thin:scott/{PW}@db:1521:x", PW),
        (f"snowflake://svc:{PW}@acme/db", PW),
        ("postgres://app:p@ss9Word!@db.internal:5432/x", "p@ss9Word!"),
        (f"host=db user=app password={PW} dbname=x", PW),
    ],
    "calls": [
        (f'smtp.login("anna", "{PW}")', PW),
        (f'new NetworkCredential("svc", "{PW}")', PW),
        (f"requests.get(u, auth=HTTPBasicAuth('svc', '{PW}'))", PW),
        (f'DriverManager.getConnection(url, "app", "{PW}")', PW),
        ('login("hf_9U0Mg5KpbcYg07Utf0L3zTiX5K877NH934")', "hf_9U0Mg5KpbcYg07Utf0L3zTiX5K877NH934"),
    ],
    "keys": [
        (f"client-key-data: {PEM64}", PEM64),
        (DER * 2, DER * 2),
        (f"MHcCAQEEI{MIXED}{MIXED}", f"MHcCAQEEI{MIXED}{MIXED}"),
        (f'{{"kty":"EC","crv":"P-256","x":"{B43}","d":"{B43[::-1]}"}}', B43[::-1]),
        (f"Private-Lines: 2\n{MIXED}\n{MIXED[::-1]}\nPrivate-MAC: 12", f"\n{MIXED}\n{MIXED[::-1]}"),
        ("otpauth://totp/Acme:ops?secret=KC2HETVY83W7YQC2&issuer=Acme", None),
        ("otpauth://totp/Acme:ops?secret=KC2HETVY63W7YQC2&issuer=Acme", "KC2HETVY63W7YQC2"),
        ("nsec1" + "q9zr4x8gf2tvdw0s3jn54khce6mua7lq9zr4x8gf2tvdw0s3jn54khce6mua7lq9"[:58], "nsec1" + "q9zr4x8gf2tvdw0s3jn54khce6mua7lq9zr4x8gf2tvdw0s3jn54khce6mua7lq9"[:58]),
        (f"my wallet recovery phrase: {WORDS}", WORDS),
        (f"Mnemonic:\n{WORDS}", WORDS),
        (f"PresharedKey = {B43}=", f"{B43}="),
        (f"PrivateKey = {B43}=", f"{B43}="),
    ],
    "hashes": [
        ("admin:$apr1$cfK3wxae$mThQIEcu71298buz5iWOrA", "$apr1$cfK3wxae$mThQIEcu71298buz5iWOrA"),
        ("mirror:$2y$10$QjMjz3tGdki5i6ETPTWUcU0Hc0JSVSOy8lwZL0ffJl0qmZquSTqYq", "$2y$10$QjMjz3tGdki5i6ETPTWUcU0Hc0JSVSOy8lwZL0ffJl0qmZquSTqYq"),
        ("root:$6$abcd1234$" + (MIXED * 2)[:86] + ":19000:0:99999:7:::", "$6$abcd1234$" + (MIXED * 2)[:86]),
        ("$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG", "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG"),
        ("pbkdf2_sha256$260000$kq3zTv9m4b5n$" + B43 + "=", "pbkdf2_sha256$260000$kq3zTv9m4b5n$" + B43 + "="),
        ("userPassword: {SSHA}" + MIXED[:32], "{SSHA}" + MIXED[:32]),
        (f"bob:1001:{HEX[:32]}:{HEX[32:]}:::", f"1001:{HEX[:32]}:{HEX[32:]}:::"),
    ],
    "codes": [
        ("The PIN of my card is 4821, keep it safe", "4821"),
        ("die PIN lautet 7395", "7395"),
        ("door code: 2580#", "2580#"),
        ("the code for the key box is 7741", "7741"),
        ("the alarm code is 9034 now", "9034"),
        ("le code de la porte est 45B78", "45B78"),
        ("Der Türcode ist 8842", "8842"),
        ("Your verification code is 493021", "493021"),
        ("OTP: 771203", "771203"),
        ("the combination of the safe is 12-34-58", "12-34-58"),
        ("backup codes: 8f3k-q0z1, x9v7-b5n2", "8f3k-q0z1, x9v7-b5n2"),
        ("Recovery codes:\n1. 48213399\n2. 99210043", "48213399\n2. 99210043"),
        ("recovery code for the vault: 74W5-58NL-8DNC-9ALG", "74W5-58NL-8DNC-9ALG"),
        ("licence key: VK7JG-NPHTM-C97JM-9MPGT-3V66T", "VK7JG-NPHTM-C97JM-9MPGT-3V66T"),
        ("Windows product key VK7JG-NPHTM-C97JM-9MPGT-3V66T", "VK7JG-NPHTM-C97JM-9MPGT-3V66T"),
    ],
    "sessions": [
        (f"add_cookie(name='_gitlab_session', value='{HEX[:32]}')", HEX[:32]),
        (f"cookies={{'session': '{MIXED[:32]}'}}", MIXED[:32]),
        (f"acme.io\tFALSE\t/\tTRUE\t1767225600\tsessionid\t{MIXED[:32]}", MIXED[:32]),
        (f"https://acme.io/reset-password/{MIXED[:32]}", MIXED[:32]),
        (f"https://acme.io/magic-link?token={MIXED[:32]}", MIXED[:32]),
        (f'"refresh_token": "{MIXED[:40]}"', MIXED[:40]),
    ],
    "tables": [
        (f"user,password\nanna,{PW}\n", PW),
        (f"| User | Password |\n|------|----------|\n| anna | {PW} |", PW),
        (f"host\tlogin\tpassword\nh1\troot\t{PW}", PW),
        (f'"name";"token"\n"ci";"{MIXED[:32]}"', MIXED[:32]),
    ],
    "manifests": [
        ("apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  blob: aHVudGVyMg==\n", "aHVudGVyMg=="),
        (f"kind: Secret\nstringData:\n  username: mailer\n  smtp: {PW}\n", PW),
        ('{"kind":"Secret","data":{"blob":"aHVudGVyMg=="}}', "aHVudGVyMg=="),
    ],
    "words": [
        ("(vault pw: papier.schere.stein)", "papier.schere.stein"),
        ("bind dn=cn=reader pw=Zwiebel_kuchen", "Zwiebel_kuchen"),
        ('he said that the password is "letmein-Kingston"', "letmein-Kingston"),
        ("The WiFi password at the cabin is moonlight-picnic", "moonlight-picnic"),
        ("Das WLAN-Passwort ist Apfelstrudel", "Apfelstrudel"),
        ('the passphrase is "correct horse battery staple"', "correct horse battery staple"),
        ("he always uses the same password, Stieglitz5, for everything", "Stieglitz5"),
        ("Passwort vergessen, war glaub ich Nachtigall77", "Nachtigall77"),
        ("Hasło do panelu hostingu to Zielony-Rower-3, login taki sam", "Zielony-Rower-3"),
        ("lösenordet till systemet är fortfarande Midsommar2024, tyvärr", "Midsommar2024"),
        ("lozinka za wifi je Jagoda123", "Jagoda123"),
        ("jelszó: Cseresznye88", "Cseresznye88"),
        ("şifre: Karpuz1907", "Karpuz1907"),
        ("kodeordet til routeren er Solsikke44", "Solsikke44"),
        ("كلمة السر: warda1990", "warda1990"),
        ("비밀번호는 haneul77 입니다", "haneul77"),
        ("wifi: FritzBox-7590 / 48210936571204873321", "48210936571204873321"),
        ("The WPA key on the sticker says 48210936571204873321", "48210936571204873321"),
        ("login: hanna.k / Regenschirm22", "Regenschirm22"),
        ("creds for the sandbox -> sbx_admin : Marmelade77!", "Marmelade77!"),
    ],
    "before or beside": [
        ("Kuckuck33 is the password for the nas", "Kuckuck33"),
        ("user mara with Kuckuck33 as password", "Kuckuck33"),
        ("mara@posta.example:Kuckuck33", "Kuckuck33"),
        ("Steam account: gamer77 / Hx9!kkQ2", "Hx9!kkQ2"),
        ("you can log in with Brombeere77, the user is the same", "Brombeere77"),
        ('Excel sheet is protected with "Blaubeere4"', "Blaubeere4"),
        ("everyone in accounts uses Fennbrook123 and nobody changed it", "Fennbrook123"),
        ("master password is four words: lantern pickle orbit velvet", "lantern pickle orbit velvet"),
        ("the mailbox pw hasn't changed, still Taubenschlag_7", "Taubenschlag_7"),
        ("vpn group secret: Ahornblatt9", "Ahornblatt9"),
        ('auth: ["admin", "Distelfink7"]', "Distelfink7"),
        ("Mot de passe = hirondelle-bleue", "hirondelle-bleue"),
    ],
    "keys of programs": [
        (f"define('AUTH_KEY', '{SALT}');", SALT),
        (f'credentials.secret_key_base  # => "{HEX * 2}"', HEX * 2),
        (f"config/master.key\n{HEX[:32]}", HEX[:32]),
        (f'twilio = Client("AC{HEX[32:]}", "{HEX[:32]}")', HEX[:32]),
        ("JWT_SECRET=mein-kleiner-gruener-kaktus", "mein-kleiner-gruener-kaktus"),
        ("kubeadm join 10.0.0.4:6443 --token neq1qi.mtkrkjjxl815t89n", "neq1qi.mtkrkjjxl815t89n"),
        (f"client.login('M{MIXED[:25]}.GcKERr.{MIXED[5:43]}')", f"M{MIXED[:25]}.GcKERr.{MIXED[5:43]}"),
        ("keytool -importkeystore -srcstorepass Stra8enbahn -destkeystore f.jks", "Stra8enbahn"),
        ("net use Z: \\\\files01\\scans Kaffee&Kuchen3 /user:FENN\\scanner", "Kaffee&Kuchen3"),
        ("net user backup Dohlenflug8 /add", "Dohlenflug8"),
        ("radius-server key Haubentaucher4", "Haubentaucher4"),
        ("INSERT INTO u (login, pass, role) VALUES ('mette', 'Havregryn22', 'editor');", "Havregryn22"),
        ("mongodb+srv://svc:hB7%21rainy%2Fdock@c0.x1yz2.mongodb.net/c", "hB7%21rainy%2Fdock"),
    ],
    "locks": [
        ("koden til alarmen i butikken er 4471, og den", "4471"),
        ("Koden till porten är 1973", "1973"),
        ("kod do domofonu to 4821", "4821"),
        ("codice del cancello 2231", "2231"),
        ("die Geheimzahl meiner EC-Karte ist 6620", "6620"),
        ("my garage keypad is 90417# and", "90417#"),
        ("the safe opens with 61-04-77-19.", "61-04-77-19"),
        ("Locker combination: 34-8-21. Bring", "34-8-21"),
        ("digicode 47B19", "47B19"),
        ("le digicode de l'immeuble c'est 58A21", "58A21"),
        ("toegangscode poort: 2219#", "2219#"),
        ("szyfr do sejfu 33-18-71", "33-18-71"),
        ("Schließfach 12, Code 8817", "8817"),
        ("La clave de la puerta es 4471B", "4471B"),
        ("Ihre TAN lautet 993412", "993412"),
        ("kod SMS: 448812", "448812"),
        ("8821 - Your Lyft code", "8821"),
        ("Votre code de sécurité est le 449102", "449102"),
        ("enter 9924 when the alarm beeps", "9924"),
        ("lockbox by the door, code 4096", "4096"),
        ("the alarm gets disarmed with 8812", "8812"),
        ("use 55013862 to approve the transfer", "55013862"),
        ("493021 is your Acme verification code", "493021"),
        ("G-493021 is your Google verification code", "493021"),
        ("Your Uber code: 4821. Never share it", "4821"),
        ("enter this setup key by hand: kqrs tvrk rzvy siug", "kqrs tvrk rzvy siug"),
        (f"The seed of my wallet is {WORDS} and it is invalid", WORDS),
        (f"{WORDS} <- thats my metamask seed", WORDS),
        (
            "mi frase semilla: aroma quitar cráter canguro llenar momia enemigo venus permiso funda lomo dátil",
            "aroma quitar cráter canguro llenar momia enemigo venus permiso funda lomo dátil",
        ),
        (f"{LISTED}   (Ledger words)", LISTED),
        ("BitLocker 392832-119284-502931-220194-119283-402918-339281-120394", "392832-119284-502931-220194-119283-402918-339281-120394"),
    ],
    "webhooks": [
        (f"webhook.office.com/webhookb2/{UUID}@{UUID}/IncomingWebhook/{HEX[:32]}/{UUID}", None),
        ("AAAAWAGXD7V:APA91b" + (MIXED * 3)[:134], "AAAAWAGXD7V:APA91b" + (MIXED * 3)[:134]),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [pair for pairs in FORMS.values() for pair in pairs if pair[1] is not None],
)
def test_found(text: str, value: str):
    assert secrets(text) == [value]


LOOK_ALIKES = """
the password is case-sensitive and well-known
Das Passwort ist Pflicht
password: read-only
password = config.get("db.password")
"password": "string"
vault kv put secret/web password=@pw.txt
STRIPE_PUBLISHABLE_KEY=pk_test_51D4tlMYSeM9Ds2Q7T9wgfUTqlmoXsU6NWcX9HONQbHm0WqaWRIGcOFg5tm9h5G
public key: MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
How do I reset my password on Windows11?
Twelve words that help with spelling: stage, knee, foot, fatal, dinner, apology, axis, top, gloom, ice, blouse, evoke
Words to learn: table, chair, house, mouse, river, mountain, forest, candle, window, garden, bottle, pencil
INSERT INTO users (name, pass) VALUES (?, ?);
INSERT INTO users (name, email) VALUES ('bob', 'Bob12345x');
INSERT INTO users (name, password) VALUES ('demo', 'password');
Client("localhost", "8080")
config/routes.rb\\nclass
Enter 2024 to confirm the year
Use 2048 bits for the key.
in 2024 is your chance to code
The order code is A1234
the building code 2018 requires sprinklers
Kode pos 12190 Jakarta
Kod pocztowy 00-950 Warszawa
Koden er 4471 linjer lang
The gate closes at 2130.
the alarm is set to 0630
the safe is worth 12000
Combo: 10-8-6 reps
Combination therapy: 5-10-20 mg
Locker 4471 is out of order
The keypad is numeric
wifi: 802.11ac / 5GHz
Your zip code: 90210
the key is that this will open your door
login page / settings
login: OAuth2 / SAML2
account: Checking1 / Savings2
The password is Tuesday
These twelve words describe him: kind, brave, funny, smart, honest, loyal, gentle, patient, strong, wise, calm, quiet
cache key\\n9f86d081884c7d659a2feaa0c55ad015
garage is 20-30-40
type 4471 in the search field
enter 12000 in cell B4
TAN 45 degrees is 1
encrypted with AES256 and signed with RSA2048
log in with your Windows11 account
signed with Adobe2023
git@github.com:Owner12/repo
Keycloak22 is the password manager we use
SECRET_KEY = env("SECRET_KEY")
secret_key: my-super-secret-key
secret: Level3
password: !vault |\\n  (see group_vars/prod/vault.yml)
password: !Ref DbPassword1
password: required, at least 8 characters and 1 digit
the password must be changed every 90 days and is never shown in plain text
The password policy for contractors is stricter than ISO-27001
the password for the report is in the vault
password hashing with PBKDF2WithHmacSHA256 or bcrypt
passwords are stored as SHA-256 digests since v2.4.1
password reset link sent at 10:32:11
--password-file /run/secrets/db1
--password-stdin
<password>${DB_PASSWORD}</password>
<input type="password" name="password" id="pw1" />
<label for="password">Password1</label>
variable "db_password" {\\n  type = string\\n  sensitive = true\\n}
- name: DB_PASSWORD\\n  valueFrom:\\n    secretKeyRef:\\n      name: db-1
{"name": "DB_PASSWORD", "valueFrom": "arn:aws:ssm:eu-west-1:1234:parameter/db1"}
CREATE USER bob IDENTIFIED BY ?;
CREATE USER bob IDENTIFIED BY '{{ password }}';
users identified by cookie 3rd parties set
docker run -p 8080:80 -p 127.0.0.1:5432:5432 postgres:16
docker login --username build --password-stdin
ldapsearch -x -W -D cn=admin -b dc=acme,dc=io
mongosh --port 27017 -p
zip -r site.zip public/
htpasswd -c /etc/nginx/.htpasswd admin
openssl x509 -in cert.pem -noout -fingerprint -sha256
psql -p 5432 -h db1
snmp-server community public RO
the community voted RW 2024
smtp.login(user, password)
auth(request, "users:read2")
login("admin", "password")
connect("localhost", "db1.internal.acme")
kind: ConfigMap\\ndata:\\n  blob: aHVudGVyMg==
kind: SealedSecret\\nspec:\\n  encryptedData:\\n    blob: AgBy8hCi==
kind: Secret\\nmetadata:\\n  name: x\\nstringData:\\n  password: "{{ .Values.pw1 }}"
user,password\\nanna,********\\nbob,
| Field | Password |\\n|---|---|\\n| rule | required |
name,token count\\na,12
MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJRTESMBAGA1UE
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0
LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSURkekNDQWwrZ0F3SUJBZ0lFQWdBQXVUQU4
{"kty":"EC","crv":"P-256","x":"Nmxq4bU0pF_KIZ38hvTzFtCMsxGdxD1uFqvFMc6zh0v"}
PublicKey = QIj6unHZ51u1qoox9Lm2HJoTjbfbrp0X9dOrkYCgA0d=
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me@h
the recovery phrase should be kept on paper, never typed into a page, and nobody from support will ask for it
seed: 42
write a list of words: apple, pear, plum
npub1q9zr4x8gf2tvdw0s3jn54khce6mua7lq9zr4x8gf2tvdw0s3jn54khce6mua7l
otpauth://totp/Example:alice?secret=JBSWY3DPEHPK3PXPEXAMPLE&issuer=Example
$2b$12$ is the prefix of bcrypt
$1 and $5 bills, $6 left
PIN 13 of the ESP32 drives the LED
connect pin 4 to pin 12
PIN code 560001, Bengaluru
the default PIN is 0000 or 1234
pinned 4821 messages
error code: 5001
HTTP status code 404
exit code is 1370
the zip code is 90210
product code 88412
country code: 0049
error code 10061 while connecting
area code 0221 for Cologne
source code: 4021 lines
the postal code of the door factory is 50667
promo code: SAVE2024
verification code field must have 6 digits
code review took 4821 seconds
license: MIT, keys: 12
serial number 12345
primary key: 4821-3399-2210
key: VALUE-FIELD-NAMES-ONLY
recovery codes are shown once after you turn on 2FA
backup code path src/backup/restore2.py
session 8f14e45fceea167a5a36dedd4bea2543 expired
"session_id": "8f14e45fceea167a5a36dedd4bea2543"
https://acme.io/reset-password/request
https://github.com/acme/secret/blob/main/README.md
https://acme.io/invite/team
keyVaultToStoreSecrets: cmp2-qat-1208358310
key_length = XSalsa20.key_length
LLM_SECRET_NAME = "NEXUS-GPT4-API-KEY"
token count is 4096, context 128k
the token limit of gpt-4-turbo-2024 is 128000
secret santa on 2024-12-19
the api key is missing in request 4bf92f3577b34da6a3ce929d0e0e4736
const api = require("./api2Client")
login failed for user sa from 10.2.3.4:52011
curl -u user: https://x
echo "done" | sudo tee /etc/motd
FROM users WHERE password_hash = $1
<string name="password_hint">Password2</string>
password=%s&user=%s
passphrase strength: zxcvbn score 4/4
Passwort vergessen? Seite2 hilft
mot de passe oublié, étape 2/3
data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4
h1:QIj6unHZ51u1qoox9Lm2HJoTjbfbrp0X9dOrkYCgA0d= in go.sum
integrity sha512-QIj6unHZ51u1qoox9Lm2HJoTjbfbrp0X9dOrkYCgA0dQIj6unHZ51u1qoox9Lm2HJoTjbfbrp0X9dOrkYCgA0d==
api-version=2023-05-01 and sdk-js/2.11.0
live_2024_stream and re_compile_pattern
pk_live_Zk3Qw9Lx7Vb2Nn5Mh8Jt4Rf6 is public
class="css-1q2w3e4 sk_loader"
""".strip().splitlines()


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_left_alone(text: str):
    assert secrets(text.replace("\\n", "\n")) == []


ALPHABET = 'abcdefghkmnpqrstuvwxyzABCDEFGHKLMNPRSTUVWXYZ23456789!#*+-_,;:.(){}[]<>"/@%&=?~^|'


@given(st.integers(0, 10**9))
def test_whatever_signs_a_password_has_json_gives_it_away_whole(seed: int):
    rng = random.Random(seed)
    value = "x7K" + "".join(rng.choices(ALPHABET, k=rng.randint(5, 20))) + "q"
    said = json.dumps(value)[1:-1]
    if any(mark in value for mark in ("<", "{", "...", "&&", "||", "==", "://", ".", "%(", "$(")):
        return
    text = json.dumps({"user": "rosa", "password": value, "port": 5432})
    start = text.index(said)
    hit = [e for e in ANALYZER.scan(text) if e.type == "SECRET"]
    assert any(e.start <= start and start + len(said) <= e.end for e in hit), text


@given(st.text(max_size=300), st.sampled_from([p[0] for ps in FORMS.values() for p in ps]))
def test_offsets_lie_in_the_text(text: str, form: str):
    whole = text + form + text
    for one in ANALYZER.scan(whole):
        assert 0 <= one.start < one.end <= len(whole)


@pytest.mark.parametrize(
    ("head", "row", "end"),
    [
        ("user,password\n", "u{0},Kr4ut!{0:04}x\n", ""),
        ("INSERT INTO users (name, password) VALUES ", "('u{0}', 'Kr4ut!{0:04}x'), ", ";"),
    ],
)
def test_a_table_is_read_to_its_end(head: str, row: str, end: str):
    text = head + "".join(row.format(n) for n in range(700)) + end
    assert secrets(text) == [f"Kr4ut!{n:04}x" for n in range(700)]


def test_a_value_that_is_the_name_of_its_column_hides_none_below_it():
    text = f"user,password\nanna,password\nbob,{PW}\neve,pass\nzoe,{PW}"
    assert secrets(text) == [PW, PW]


@pytest.mark.parametrize(("cells", "found"), [(64, [PW]), (65, [])])
def test_a_table_has_at_most_64_columns(cells: int, found: list[str]):
    head = ";".join([*(f"c{n}" for n in range(cells - 1)), "password"])
    assert secrets(f"{head}\n{'x;' * (cells - 1)}{PW}\n") == found

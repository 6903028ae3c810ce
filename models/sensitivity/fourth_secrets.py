"""Secrets, and what only looks like one: the fourth blind hand, read by nobody who tunes a rule.

One row a line, ``\n`` a line end. The holes are filled by ``made_values.filled`` when this module is
loaded, the same each time: ``SECRETS`` and ``LOOK_ALIKES`` hold the finished rows.
"""

from __future__ import annotations

from made_values import filled

_SECRETS = r"""
hey Duc, the gitlab runner keeps dying, use mine for now glpat-{url:20} but please don't commit it like last time
stages: [lint, ship]\nship:\n  script:\n    - curl --header "PRIVATE-TOKEN: glpat-{url:20}" "https://gitlab.hakodate-ferry.example/api/v4/projects/88/trigger"
vault login hvs.{url:95}
VAULT_TOKEN=hvs.CAESI{url:90} terraform apply -auto-approve
Grafana on the greenhouse Pi: service account token glsa_{b62:32}_{hex:8}, viewer only he says
sentry-cli --auth-token sntrys_{url:120}_{b62:43} releases new barge-tracker@2.4.0
[pypi]\nusername = __token__\npassword = pypi-AgEIcHlwaS5vcmc{url:150}
echo "dckr_pat_{url:27}" | docker login -u seoulbakery --password-stdin
doctl auth init -t dop_v1_{hex:64}
Heroku says "Invalid credentials provided". I used HRKU-AA{url:58} as the key, what else could be missing?
Square production access token EAAA{url:60}, location LK41, we take cards at the pumpkin stand from Saturday
SQUARE_APPLICATION_SECRET=sq0csp-{url:43}
MAILGUN_API_KEY=key-{hex:32}\nMAILGUN_DOMAIN=mg.penguin-patrol.example
the mailchimp key in the old spreadsheet is {hex:32}-us14 and yes it still sends
from openai import OpenAI\nc = OpenAI(base_url="https://openrouter.ai/api/v1", api_key="sk-or-v1-{hex:64}")\nprint(c.models.list())
Groq is faster than I thought! GROQ_API_KEY=gsk_{b62:52}
replicate.Client(api_token="r8_{b62:37}").run("stability-ai/sdxl", input=dict(prompt="a heron"))
$env:PPLX_KEY = "pplx-{b62:48}"
{"provider":"xai","key":"xai-{b62:80}","model":"grok-2"}
refresh_token: 1//0{num:1}{url:98}\ntoken_uri: https://oauth2.googleapis.com/token
Authorization: Bearer ya29.a0{url:190}
the page token for the choir's facebook is EAAG{b62:180} and it expires in 60 days
whsec_{b62:32} = signing secret for the /hooks/tickets endpoint (live)
restricted key rk_live_51{b62:97}, can only read payouts - ask Lerato for more
RAZORPAY_KEY_ID=rzp_live_{b62:14}\nRAZORPAY_KEY_SECRET={b62:24}
plaid: access-production-{uuid} belongs to the chequing account of the co-op
SUPABASE_ACCESS_TOKEN=sbp_{hex:40} supabase db push
DATABASE_URL='mysql://p8k{low:10}:pscale_pw_{url:43}@aws.connect.psdb.cloud/regatta?sslaccept=strict'
netlify deploy --prod --auth nfp_{b62:36} --dir=public
fly secrets? no, I deployed with FLY_API_TOKEN="FlyV1 fm2_{b64:160}=="
ATLASSIAN_TOKEN=ATATT3xFfGF0{url:172}={HEX:8}
git clone https://x-token-auth:ATCTT3xFfGN0{url:160}={HEX:8}@bitbucket.org/tatra/cableway.git
alibaba_cloud:\n  access_key_id: LTAI5t{b62:18}\n  access_key_secret: {b62:30}
export TENCENTCLOUD_SECRET_ID=AKID{b62:32}\nexport TENCENTCLOUD_SECRET_KEY={b62:32}
RGAPI-{uuid} <- riot key for the school's lol league bot, refresh every 24h
sonar.login=squ_{hex:40}
curl -u 'mvn-deploy:AKCp{b62:69}' -T target/tram.jar https://artifacts.tramlinje.example/libs-release/tram.jar
export CONTENTFUL_MANAGEMENT_TOKEN=CFPAT-{url:43}
Resend(api_key='re_{b62:8}_{b62:24}') throws 403 when sending from the parish domain
brevo key f\u00fcr den Newsletter vom Imkerverein: xkeysib-{hex:64}-{b62:16}
tfp_{b62:44} = personal token of typeform, needed for the survey pull
Dropbox.DropboxTeam(oauth2_access_token="sl.B{url:132}")
BUILDKITE_API_TOKEN=bkua_{hex:40} bk build list
CIRCLE_TOKEN: CCIPAT_{b62:22}_{hex:40}
HCLOUD_TOKEN={b62:64}
TELEGRAM_TOKEN="{num:10}:AA{url:33}"  # @reykjavik_bus_bot
LINE_CHANNEL_SECRET={hex:32}\nLINE_CHANNEL_ACCESS_TOKEN={b64:170}=
KAKAO_REST_API_KEY={hex:32}
twitch chat: PASS oauth:{low:30}\nNICK quizmaster_fi
mapbox secret (scopes: uploads) sk.eyJ1Ijoic2FtaS1yZWluZGVlciIsImEiOiJj{b62:28}In0.{url:22}
wifi for the yurt: network STEPPE_GUEST password {=camel-Thunder88} (2.4 only)
pw for the shared calendar is {=Orkideer2019!} and no, I'm not changing it again
Minna, kassakoneen salasana on nyt {=Lohikeitto_77}, kerro my\u00f6s Jarille
senha do roteador da pousada: {=Jacaranda#45x}, n\u00e3o passe para os h\u00f3spedes
A jelsz\u00f3 a k\u00f6z\u00f6s meghajt\u00f3hoz: {=tokaji.Aszu_1993}
heslo k datab\u00e1zi je {=Vltava-rano-6h}, u\u017eivatel zapis
\u015fifre: {=Kadikoy!vapur34} kullan\u0131c\u0131 ad\u0131: depo_sorumlusu
\u043f\u0430\u0440\u043e\u043b\u044c \u043e\u0442 \u0430\u0434\u043c\u0438\u043d\u043a\u0438 \u043c\u0430\u0433\u0430\u0437\u0438\u043d\u0430 {=Berezka_1408}, \u043b\u043e\u0433\u0438\u043d sklad2
\u7ba1\u7406\u753b\u9762\u306e\u30d1\u30b9\u30ef\u30fc\u30c9\u306f {=sakura-Ponzu92} \u3067\u3059\u3002\u30ed\u30b0\u30a4\u30f3\u540d\u306f kanri \u306e\u307e\u307e\u3067\u3059\u3002
\ube44\ubc00\ubc88\ud638: {=Hanok!gimjang7}\n\uc544\uc774\ub514: maeul_admin
\u0643\u0644\u0645\u0629 \u0627\u0644\u0645\u0631\u0648\u0631 \u0644\u0644\u0633\u064a\u0631\u0641\u0631 {=Zaytoun@5517} \u0648\u0627\u0633\u0645 \u0627\u0644\u0645\u0633\u062a\u062e\u062f\u0645 backup
\u03ba\u03c9\u03b4\u03b9\u03ba\u03cc\u03c2 \u03c0\u03c1\u03cc\u03c3\u03b2\u03b1\u03c3\u03b7\u03c2 \u03b3\u03b9\u03b1 \u03c4\u03bf \u03c4\u03b1\u03bc\u03b5\u03af\u03bf: {=Meltemi_66kai}
kata sandi server absensi = {=Rendang!Pagi09}
m\u1eadt kh\u1ea9u email c\u00f4ng ty c\u1ee7a em l\u00e0 {=PhoBo.2diaTho}, anh \u0111\u1ed5i gi\u00fap em nh\u00e9
Neno la siri la kompyuta ya duka ni {=Mlima-Simba7}
Parola de la contul de contabilitate este {=Sarmale$Joi12}; userul e conta1
Wachtwoord van de kassa-app: {=Stroopwafel*8}. Pincode van de la: {=4471}
l\u00f6senordet till fiberboxen \u00e4r {=Kantarell_1o1}, sitter under locket ocks\u00e5
Adgangskoden til bookingsystemet er blevet {=Rugbrod&Sild4}
le mot de passe du NAS c'est {=Crepe-au-Sarrasin29}, tu peux y mettre les photos du mariage
Zugang Schulportal, Nutzer lehrer.seifert, Kennwort {=Zirkel+Lineal5}, bitte beim ersten Mal \u00e4ndern
Username: gatehouse3\nPassword: {=Turnstile.Amber.40}\nURL: https://cctv.harbour-lofts.example/login
machine imap.lagoon-mail.example\n  login purser\n  password {=nine-Knots-Astern}
network={\n  ssid="Observatorio"\n  psk="{=EstrelaPolar2am}"\n  key_mgmt=WPA-PSK\n}
[wifi-security]\nkey-mgmt=wpa-psk\npsk={=barnacle5Gooseneck}
mysql -h 192.168.7.20 -u cantine -p{=R4tatouille!} menus < may.sql
net use Z: //FILESRV/Scans {=Plotter99Kiosk!} /user:ATELIER/scanner
sshpass -p '{=k0ala-Mango-Rd}' ssh pi@ranger-hut-2 'sudo reboot'
lftp -u turbine07,{=wX4!windrose} sftp://upload.met-offshore.example
$cred = New-Object PSCredential("svc_beamer", (ConvertTo-SecureString "{=Aula-Nord-2k26}" -AsPlainText -Force))
define( 'DB_USER', 'wp_chorale' );\ndefine( 'DB_PASSWORD', '{b62:9}!{b62:7}' );\ndefine( 'DB_HOST', 'localhost' );
[all:vars]\nansible_user=deploy\nansible_become_pass={=Sudo4Lighthouse}
snmp-server community {=Pl4nkt0n-rw} RW
username noc privilege 15 password 0 {=Fjell.Relay.88}
radius server ISE-1\n address ipv4 10.61.0.9\n key {=OtterDam-7-Shared}
ldap:\n  bind_dn: cn=reader,ou=svc,dc=zoo,dc=example\n  bind_password: {=Tapir/Night/3}
redis://:{b62:24}@cache.vineyard.example:6379/2
amqps://telemetry:{url:26}@rabbit.glacier-stn.example/ice
sip: user 4021 secret {b62:12} host pbx.clinic-mwanza.example
Server=tcp:sql-harvest.database.windows.net,1433;Initial Catalog=beet;User ID=harvester;Password={=Zuckerr0hr:Ernte};Encrypt=True;
mongosh "mongodb://curator:{=Amphora%40Delos}@10.9.9.4:27017/finds?authSource=admin"
clickhouse-client --host ch1 --user analyst --password '{b62:20}' -q 'select 1'
kubectl config view --raw | grep token:\n    token: {jwt}
{"auths":{"registry.kvikk.example":{"auth":"{basic}"}}}
GET /v1/boats HTTP/1.1\nHost: api.marina-split.example\nAuthorization: Basic {basic}
Cookie: sid=s%3A{url:32}.{b62:43}; lang=hr   -- copied from my browser, why do I still get logged out?
Set-Cookie: session={jwt}; Path=/; HttpOnly; Secure
my wallet seed, keep it safe for me: rather token attend bounce wrap bunker recall lonely junk remain marine milk
recovery phrase\n1 result 2 seat 3 detail 4 rent 5 saddle 6 odor 7 crucial 8 step 9 board 10 income 11 ketchup 12 train 13 dish 14 giraffe 15 hen 16 nut 17 relief 18 attack 19 emerge 20 name 21 ostrich 22 core 23 chef 24 process
I sent 0.4 BTC to the wrong address, can I get it back if I have the key {wif}?
import into sparrow: {xprv}
AGE key for the sops repo at work: {age}
otpauth://totp/Kelpworks:ines@kelpworks.example?secret={b32:32}&issuer=Kelpworks
2FA setup key (can't scan, camera broken): {b32:16}
GitHub recovery codes:\n{hex:5}-{hex:5}\n{hex:5}-{hex:5}\n{hex:5}-{hex:5}\n{hex:5}-{hex:5}
backup codes for google acc: {num:4} {num:4}, {num:4} {num:4}, {num:4} {num:4}
Your verification code is {=883 204}. Forward it to me quickly, I'm at the counter
Apple-ID-Best\u00e4tigungscode: {=571036}. Teile ihn mit niemandem. -- hier, hab ihn dir weitergeleitet
the alarm code at the dacha is {=7719} and then the star key
Tresor im B\u00fcro: {=38-12-71}, links anfangen, dreimal drehen
my debit card pin is {=6082} if you need to take money out for the plumber
keybox kod till stugan {=4096B}, nyckeln h\u00e4nger p\u00e5 h\u00f6ger krok
security question "first pet" -> {=Mukuro the turtle}, use that when you call the bank for me
-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQdGBGX{b64:57}\n{b64:64}\n{b64:64}\n{b64:44}\n={b64:4}\n-----END PGP PRIVATE KEY BLOCK-----
PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: ed25519-key-silo\nPublic-Lines: 2\nAAAAC3NzaC1lZDI1NTE5AAAAI{~b64:39}\n{~b64:28}\nPrivate-Lines: 1\nAAAAI{b64:43}\nPrivate-MAC: {hex:64}
apiVersion: v1\nkind: Secret\nmetadata:\n  name: tide-gauge\ndata:\n  password: {b64:27}=\n  username: Z2F1Z2U=
<add key="SmsGatewayPassword" value="{=Kwacha!bulk55}" />
<server><id>nexus</id><username>ci</username><password>{=Quokka-Nest_3}</password></server>
ssl_key: "-----BEGIN EC PRIVATE KEY-----\n{pem:ec}\n-----END EC PRIVATE KEY-----"
could you explain this file I found on the old laptop?\n-----BEGIN RSA PRIVATE KEY-----\n{pem:rsa}\n-----END RSA PRIVATE KEY-----
{"type":"service_account","project_id":"moth-survey","private_key":"-----BEGIN PRIVATE KEY-----\\n{pemj:pkcs8}\\n-----END PRIVATE KEY-----\\n"}
wg0 on the tractor: PrivateKey = {b64:42}E=
tailscale up --auth-key=tskey-auth-k{b62:11}CNTRL-{b62:32}
ngrok config add-authtoken 2{b62:26}_{b62:21}
CLOUDINARY_URL=cloudinary://{num:15}:{url:27}@kimchi-lab
const stripe = require('stripe')('sk_live_51{b62:97}') // TODO move to env before the fair
AWS creds from the intern's laptop: AKIA{b32:16} / {b64:40} - are these still active?
boto3.client("s3", aws_access_key_id="AKIA{b32:16}", aws_secret_access_key="{b64:40}", endpoint_url="https://minio.kelpworks.example")
the bot posts here: https://hooks.slack.com/services/T{up:8}/B{up:10}/{b62:24} anyone can use it lol
https://discord.com/api/webhooks/{num:18}/{url:68} for the D&D night reminders
teams webhook: https://kelpworks.webhook.office.com/webhookb2/{~uuid}@{~uuid}/IncomingWebhook/{hex:32}/{~uuid}
mqtt:\n  broker: homeassistant.local\n  username: sauna\n  password: {=loylyPlease3x}
homeassistant long lived token {jwt}
rtsp://admin:{=Goat.Barn.Cam1}@10.0.8.31:554/Streaming/Channels/101
api_secret = "{b62:40}"   # kucoin, trading enabled, passphrase {=ramen4breakfast}
BINANCE_API_SECRET={b62:64}
x-api-key: {b62:40}\naccept: application/json
const TMDB_KEY = "{hex:32}";
?lat=-1.29&lon=36.82&appid={hex:32} returns 401, is the weather key dead?
HUBSPOT=pat-eu1-{uuid}
ASANA_PAT=2/{num:16}/{num:16}:{hex:32}
INTERCOM_ACCESS_TOKEN=dG9rO{b64:54}=
client_secret: {url:40}\nclient_id: kelp-portal\ngrant_type: client_credentials
curl -X POST https://sso.kelpworks.example/realms/crew/protocol/openid-connect/token -d grant_type=password -d username=bosun -d 'password={=Reef&Furl2x}'
JWT_SECRET={b64:64}
NEXTAUTH_SECRET="{b64:43}="
secret_key_base: {hex:128}
SESSION_KEYS = ["{hex:64}", "{hex:64}"]
jenkins: credentials('lab') printed as hunter:{b62:11}_{b62:8} in console output, line 402. masking is off?
[2026-11-03 04:12:09] DEBUG login attempt user=beekeeper password={=Propolis.88!} ip=10.1.1.9 result=OK
ERROR 28P01 while connecting with postgres://ledger:{b62:16}@db-2.abidjan.example/ledger
root@nas:~# cat /etc/cifs.cred\nusername=mediabox\npassword={=Vhs&Betamax1}
<input type="hidden" name="api_token" value="{hex:40}">
{"username":"tarik","password":"{=Cevapi4Dinner!}","remember":true}
INSERT INTO users (login, pass) VALUES ('mayor', '{=TownHall#1887}');
"SMTP_PASS": "{b62:16}", "SMTP_HOST": "mail.orchard.example"
gmail app password for the scanner: {az:4} {az:4} {az:4} {az:4}
Restic repo password -> {=quiet Walrus paints 9 fences}
bitlocker recovery key 1: {num:6}-{num:6}-{num:6}-{num:6}-{num:6}-{num:6}-{num:6}-{num:6}
ENCRYPTION_KEY=hex:{hex:64}
signing.store.password={=Llama+Keystore4}\nsigning.key.alias=upload
"""

_LOOK_ALIKES = r"""
GITLAB_TOKEN=glpat-XXXXXXXXXXXXXXXXXXXX
replace <YOUR_BREVO_KEY> with the value from Settings > SMTP & API
vault kv get -field=password secret/orchard/db
sk-or-v1-... is the prefix for OpenRouter, sk-ant-... is Anthropic, right?
password: "{{ lookup('env', 'CABLEWAY_DB_PW') }}"
export MAILGUN_API_KEY=$(op read "op://Ferry/Mailgun/credential")
const key = process.env.RAZORPAY_KEY_SECRET ?? throwMissing("RAZORPAY_KEY_SECRET");
api_key: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  {hex:80}\n  {hex:80}
password: ENC[AES256_GCM,data:{b64:22}==,iv:{b64:43}=,tag:{b64:22}==,type:str]
kind: SealedSecret\nspec:\n  encryptedData:\n    token: AgB{b64:180}
password = "********"
Passwort: \u25cf\u25cf\u25cf\u25cf\u25cf\u25cf\u25cf\u25cf\u25cf\u25cf  (zum Anzeigen klicken)
{"user":"marja","password":"[FILTERED]","commit":"Log in"}
senha: ______________ (preencha \u00e0 m\u00e3o e entregue lacrado)
Authorization: Bearer <redacted>
token=REDACTED-BY-PROXY path=/v2/herring
{"password": ["This field may not be blank."]}
La contrase\u00f1a debe tener al menos doce caracteres, un n\u00famero y un signo.
Het wachtwoord is verlopen, neem contact op met de servicedesk.
\u30d1\u30b9\u30ef\u30fc\u30c9\u3092\u304a\u5fd8\u308c\u306e\u65b9\u306f\u3053\u3061\u3089\u3092\u30af\u30ea\u30c3\u30af\u3057\u3066\u304f\u3060\u3055\u3044\u3002
\u0417\u0430\u0431\u044b\u043b\u0438 \u043f\u0430\u0440\u043e\u043b\u044c? \u041d\u0430\u0436\u043c\u0438\u0442\u0435 \u0437\u0434\u0435\u0441\u044c, \u0438 \u043c\u044b \u043f\u0440\u0438\u0448\u043b\u0451\u043c \u0441\u0441\u044b\u043b\u043a\u0443.
Parolan\u0131z en az bir b\u00fcy\u00fck harf i\u00e7ermelidir.
Has\u0142o zosta\u0142o zmienione pomy\u015blnie. Je\u015bli to nie Ty, zg\u0142o\u015b to.
salasana vanhenee 14 p\u00e4iv\u00e4n kuluttua, vaihda se omissa tiedoissa
\ube44\ubc00\ubc88\ud638\uac00 \uc77c\uce58\ud558\uc9c0 \uc54a\uc2b5\ub2c8\ub2e4. \ub2e4\uc2dc \uc785\ub825\ud558\uc138\uc694.
So what is the difference between a passkey and a password, in words my grandmother understands?
How long would it take to crack a random 14-character password with a modern GPU?
The secret of a good ramen broth is patience and chicken feet.
Key lime pie, key change, key worker: which of these is a compound noun?
My secret santa is Obinna and I have no idea what he likes.
The token ring network was finally taken out in 2004.
Token count: 1893 prompt, 402 completion, 2295 total
Bring the tokens for the carousel, the machine does not take coins.
Pin the board with two screws, the pin code sticker goes on the back of the reader.
PIN mapping: SDA=21 SCL=22 RST=4 LED=2
Pass 3 of 5: trimming; pass 4 of 5: polishing
Boarding pass for gate B14, seat 22F, group 4
The password to the film's secret society turns out to be a lullaby.
passwd: password unchanged
Access denied for user 'menus'@'192.168.7.31' (using password: YES)
FATAL: password authentication failed for user "gauge"
commit {hex:40}\nAuthor: Sipho <sipho@kelpworks.example>\n\n    fix off-by-one in tide table
image: ghcr.io/kelpworks/tides@sha256:{hex:64}
"integrity": "sha512-{b64:86}=="
<script src="https://cdn.example.org/alpine.min.js" integrity="sha384-{b64:64}" crossorigin="anonymous"></script>
{hex:32}  gutenberg-pg2701.epub
SHA256 (regatta-2.1.iso) = {hex:64}
traceparent: 00-{hex:32}-{hex:16}-01
X-Amzn-Trace-Id: Root=1-{hex:8}-{hex:24}
ETag: W/"{hex:32}"
correlationId {uuid} took 812ms in tide-service
next_cursor=eyJvZmZzZXQiOjQwLCJsaW1pdCI6MjB9
https://www.youtube.com/watch?v={url:11} is the clip about the lamprey
https://docs.google.com/spreadsheets/d/1{url:43}/edit#gid=0 has the rota
arn:aws:iam::{num:12}:role/GreenhouseWriter
subnet-0{hex:17} has no free addresses, i-0{hex:17} cannot start
G-{up:10} is the measurement id of the museum shop
GTM-{AZ:7} fires twice on the checkout page
Sentry.init(dsn: "https://{hex:32}@o{num:6}.ingest.sentry.io/{num:7}")
loadStripe("pk_live_51{b62:97}")
pk.eyJ1IjoiYmFyZ2UiLCJhIjoiY2ti{b62:20}In0.{url:22} is the public mapbox token printed in the page source
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{b64:43} wanja@lathe
-----BEGIN PUBLIC KEY-----\n{pem:pub}\n-----END PUBLIC KEY-----
-----BEGIN CERTIFICATE-----\n{pem:cert}\n-----END CERTIFICATE-----
SHA256:{b64:43} wanja@lathe (ED25519)
peer: {b64:42}8=\n  endpoint: 10.55.0.1:51820\n  latest handshake: 2 minutes ago
gpg: key {HEX:16}: public key "Kelpworks Release" imported
Key fingerprint = {HEX:4} {HEX:4} {HEX:4} {HEX:4} {HEX:4}  {HEX:4} {HEX:4} {HEX:4} {HEX:4} {HEX:4}
donations in btc to {btc} please, the address is on the poster
age recipient for backups: {agepub}
tx 0x{hex:64} is still pending after nine blocks
contract deployed at 0x{hex:40} on Base
data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUA{b64:220}AAAAASUVORK5CYII=
font/woff2;base64,d09GMgABAAAAA{b64:180}
DKIM: s1._domainkey IN TXT "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQD{b64:172}QIDAQAB"
google-site-verification={url:43}
BOM: ferrite bead BLM18PG121SN1D, MCU STM32F407VGT6, flash W25Q128JVSIQ
license plate K-LP 4471, chassis WDB9634031L{num:6}
>seq_17\nATGGCGTACGTTAGCCTGATCGGATTACCGGTTAACGCATCGGATCCTAGGCATTACGG
rnbqkb1r/pp2pppp/3p1n2/8/3NP3/8/PPP2PPP/RNBQKB1R w KQkq - 1 5
InChIKey=RYYVLZVUVIJVGH-UHFFFAOYSA-N is caffeine
def login(user, password):\n    if not check_password(user, password):\n        raise AuthError("bad password")
class PasswordResetForm(forms.Form):\n    password1 = forms.CharField(widget=forms.PasswordInput)
<input type="password" name="password" autocomplete="current-password" placeholder="Password" required>
password_hash = bcrypt.hashpw(password.encode(), bcrypt.gensalt(12))
if (token == null || token.isBlank()) return Response.status(401).build();
let secret = std::env::var("SESSION_SECRET").expect("SESSION_SECRET not set");
resource "random_password" "db" {\n  length  = 32\n  special = false\n}
secrets:\n  - source: db_password\n    target: /run/secrets/db_password
valueFrom:\n  secretKeyRef:\n    name: herring-db\n    key: password
env:\n  NPM_TOKEN: ${{ secrets.NPM_TOKEN }}
password = getpass.getpass("Ferry password: ")
auth:\n  username: <username>\n  password: <password>
mysql -u root -p orchard < schema.sql
postgres://user:password@localhost:5432/dbname is the general form of the URL
Use https://USER:TOKEN@github.com/ORG/REPO.git as the remote, where TOKEN is your own.
ALTER TABLE users ADD COLUMN password_reset_token varchar(64), ADD COLUMN token_expires_at timestamptz;
SELECT secret_name, rotated_at FROM secrets WHERE owner = 'tide';
--password-file /etc/restic/pass
ssh -i ~/.ssh/id_orchard pi@10.0.8.40
kubectl create secret generic herring --from-literal=password="$PW"
aws secretsmanager get-secret-value --secret-id prod/herring/db --query SecretString
tokens = tokenizer.encode(text)[:512]
API_KEY_HEADER = "X-Api-Key"\nAPI_KEY_MIN_LENGTH = 32
"auth.password.label": "Kennwort",\n"auth.password.hint": "Mindestens zehn Zeichen",\n"auth.token.expired": "Sitzung abgelaufen"
.password-strength-meter--weak { background: #c0392b; width: 20%; }
git push --force-with-lease origin feature/reset-password-token-rotation-2
ModuleNotFoundError: No module named 'secret_handshake_client_v2'
TokenExpiredError: jwt expired at 2026-05-02T07:00:00.000Z
AuthenticationFailed: invalid_client (client secret is wrong or has expired)
429 Too Many Requests: API key quota exceeded for project tide-tables
[WARN] PASSWORD env var is empty, falling back to peer auth
credentials.json not found, run `gcloud auth application-default login`
enable_password_auth=false\npermit_root_login=no\nmax_auth_tries=3
The rotation job changed 14 secrets in 3 s and skipped 2 that are younger than 30 days.
[ ] rotate keys  [x] remove shared logins  [x] buy hardware tokens  [ ] train the volunteers
Ticket: user forgot her password again, reset link sent, works now
Please reset my password, I have been locked out since the holidays. Badge hasn't changed.
I will tell you the door code by phone, not in writing.
the wifi password is on the back of the router, you'll see it
pwd\n/home/wanja/src/tide-tables
pw: same as always, ask Nomvula if you don't know it
Default credentials must be changed before the pump is connected to the network (IEC 62443).
Your one-time code is on its way. It is valid for ten minutes and should never be shared.
Booking reference {up:6}, check-in opens 24 hours before sailing
Promo code HERRING20 gives 20 % off until Sunday
serial number on the dehumidifier {up:12}, made in Busan
order KW-{num:6}-{AZ:2}, parcel 00 3 4006381 {num:9} 4
Ableton set, key A minor, 122 bpm, sidechain on pads
primary key (vessel_id, tide_at), foreign key (port_id) references ports
Which keyboard has the best keys for a person with arthritis?
AWS_REGION=eu-south-2\nLOG_LEVEL=debug\nSECRET_BACKEND=vault\nPORT=8443
AIRFLOW__SECRETS__BACKEND=airflow.providers.hashicorp.secrets.vault.VaultBackend
com.kelpworks.tide.security.oauth2.ClientCredentialsAccessTokenProviderFactoryBean
Cache-Control: private, max-age=0, no-store\nVary: Authorization
openssl genrsa -out orchard.key 4096 && openssl req -new -key orchard.key -out orchard.csr
pass the salt, keep the secret ingredient to yourself
W3siaWQiOjEsIm5hbWUiOiJsYW1wcmV5In0seyJpZCI6MiwibmFtZSI6ImhlcnJpbmcifV0=
terraform output: db_password = <sensitive>
Enter passphrase for key '/home/wanja/.ssh/id_orchard':
sudo: 3 incorrect password attempts
commit message: "docs: explain how to get an API key from the harbour office"
ISO 27002 8.24 asks for rules on cryptographic keys: who makes, stores and destroys them.
Der Schl\u00fcssel liegt unter dem Blumentopf, gib der Katze bitte zwei L\u00f6ffel.
La clave de sol se dibuja en la segunda l\u00ednea del pentagrama.
"""


SECRETS = filled(_SECRETS, 51)
LOOK_ALIKES = filled(_LOOK_ALIKES, 52)

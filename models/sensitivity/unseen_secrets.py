"""Secrets and what looks like one, by hand, of many vendors and formats; see ``unseen.py``.

One row a line. ``{b62:36}`` becomes 36 random letters and digits; further alphabets: ``hex``, ``HEX``,
``b64`` (with ``+`` and ``/``), ``url`` (with ``-`` and ``_``), ``up`` (capitals and digits), ``low`` (small
letters and digits), ``num``, ``abc`` (small letters), ``pw`` (a password that people choose),
``uuid``. ``\n`` is a line end.
"""

from __future__ import annotations

SECRETS = r"""
CLOUDFLARE_API_TOKEN={url:40}
export CF_API_KEY={hex:37}
DD_API_KEY={hex:32}
datadog: {api_key: {hex:32}, app_key: {hex:40}}
TWILIO_AUTH_TOKEN={hex:32}
twilio_client = Client("AC{hex:32}", auth_token="{hex:32}")
MAILGUN_API_KEY=key-{hex:32}
sg = SendGridAPIClient("SG.{url:22}.{url:43}")
okta_token: "00{url:40}"
DefaultEndpointsProtocol=https;AccountName=prodlogs;AccountKey={b64:86}==;EndpointSuffix=core.windows.net
Endpoint=sb://orders.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey={b64:43}=
https://prodlogs.blob.core.windows.net/dump?sv=2022-11-02&se=2027-01-01&sig={b64:43}%3D
SUPABASE_ACCESS_TOKEN=sbp_{hex:40}
VERCEL_TOKEN={b62:24}
netlify deploy --auth nfp_{b62:36}
FIGMA_TOKEN = "figd_{url:40}"
airtable = Api("pat{b62:14}.{hex:64}")
ALGOLIA_ADMIN_KEY={hex:32}
mapboxgl.accessToken = "sk.eyJ1IjoiYWNtZS1tYXBzIiwiYSI6{b62:32}.{url:22}"
hubspot: pat-na1-{uuid}
dropbox access token: sl.{url:135}
DISCORD_TOKEN=MTA4{b62:21}.G{b62:5}.{url:38}
https://discord.com/api/webhooks/{num:18}/{url:68}
bot = telebot.TeleBot("{num:10}:AA{url:33}")
SPOTIFY_CLIENT_SECRET={hex:32}
paypal.client_secret = E{url:79}
RAZORPAY_KEY_SECRET={b62:24}
key_id: rzp_live_{b62:14}, key_secret: {b62:24}
stripe.api_key = "sk_live_{b62:24}"
STRIPE_WEBHOOK_SECRET=whsec_{b62:32}
plaid_secret: {hex:30}
square access token EAAA{url:60}
shopify admin token is shpat_{hex:32}
BINANCE_SECRET_KEY={b62:64}
COINBASE_API_SECRET="{b64:64}"
DOPPLER_TOKEN=dp.st.prd.{b62:40}
vault login hvs.{url:90}
TF_TOKEN_app_terraform_io={b62:14}.atlasv1.{b62:67}
SNYK_TOKEN={uuid}
CODECOV_TOKEN: {uuid}
circleci setup --token CCIPAT_{b62:22}_{hex:40}
BUILDKITE_AGENT_TOKEN={hex:50}
PAGERDUTY_TOKEN=u+{url:18}
grafana: glsa_{b62:32}_{hex:8}
NEW_RELIC_LICENSE_KEY={hex:36}NRAL
OPENAI_API_KEY=sk-proj-{url:74}
client = OpenAI(api_key="sk-{b62:48}")
anthropic_key: sk-ant-api03-{url:93}AA
COHERE_API_KEY={b62:40}
MISTRAL_API_KEY={b62:32}
groq = Groq(api_key="gsk_{b62:52}")
login(token="hf_{b62:34}")
REPLICATE_API_TOKEN=r8_{b62:37}
pc = Pinecone(api_key="pcsk_{b62:6}_{b62:63}")
LANGCHAIN_API_KEY=lsv2_pt_{hex:32}_{hex:10}
DATABRICKS_TOKEN=dapi{hex:32}
mongodb+srv://admin:{b62:16}@cluster0.ab1cd.mongodb.net/prod
postgresql://app:{b62:14}@db.internal:5432/orders
redis://:{b62:20}@cache-01:6379/0
amqps://svc-orders:{b62:18}@rabbit.prod:5671/vhost
mysql+pymysql://root:{pw}@10.2.0.4/crm
jdbc:sqlserver://sql01:1433;databaseName=hr;user=sa;password={pw};
jdbc:postgresql://pg:5432/app?user=app&password={b62:14}
mysql -h db01 -u backup -p{pw} crm > dump.sql
sshpass -p '{pw}' ssh deploy@10.0.4.4
PGPASSWORD={b62:14} psql -h db -U app
machine api.heroku.com\n  login dev@acme.io\n  password {uuid}
db01:5432:orders:app:{pw}
//registry.npmjs.org/:_authToken=npm_{b62:36}
//npm.pkg.acme.io/:_authToken={uuid}
[pypi]\nusername = __token__\npassword = pypi-AgEIcHlwaS5vcmc{url:90}
{"auths":{"ghcr.io":{"auth":"{b64:40}="}}}
kubectl config set-credentials ci --token=eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJpc3MiOiJrdWJlcm5ldGVzIn0.{url:86}
apiVersion: v1\nkind: Secret\nstringData:\n  password: {pw}
-----BEGIN OPENSSH PRIVATE KEY-----\n{b64:70}\n{b64:70}\n-----END OPENSSH PRIVATE KEY-----
-----BEGIN PRIVATE KEY-----\n{b64:64}\n{b64:64}\n-----END PRIVATE KEY-----
-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{b64:64}\n{b64:64}\n-----END PGP PRIVATE KEY BLOCK-----
"private_key": "-----BEGIN RSA PRIVATE KEY-----\\n{b64:64}\\n{b64:64}\\n-----END RSA PRIVATE KEY-----\\n"
[Interface]\nAddress = 10.8.0.2/24\nPrivateKey = {b64:43}=
[default]\naws_access_key_id = AKIA{up:16}\naws_secret_access_key = {b64:40}
AWS_SESSION_TOKEN=FwoGZXIvYXdzE{b64:180}
aws_secret_access_key: "{b64:40}"
aws configure set aws_access_key_id ASIA{up:16}
SMTP_PASS={pw}
smtp_password: "{pw}"
ftp://upload:{pw}@files.partner.com/in
Das WLAN-Passwort lautet {pw}
Passwort: {pw}
la contrase\u00f1a es {pw}
Contrase\u00f1a: {pw}
mot de passe : {pw}
Has\u0142o: {pw}
senha: {pw}
wachtwoord = {pw}
the admin password for staging is {pw}, please change it
hey, login is svc_report and the pw is {pw}
Your temporary password: {pw}
root / {pw} on the jump host, password as agreed
spring.datasource.password={pw}
ansible_become_password: "{pw}"
define('DB_PASSWORD', '{pw}');
define('AUTH_KEY', '{b64:64}');
$config['encryption_key'] = '{hex:32}';
SECRET_KEY = "django-insecure-{low:50}"
JWT_SECRET={b64:44}
app.secret_key = b"{hex:48}"
session_secret: {b62:32}
NEXTAUTH_SECRET="{b64:43}="
https://hooks.slack.com/services/T0{up:8}/B0{up:8}/{b62:24}
SLACK_BOT_TOKEN=xoxb-{num:12}-{num:13}-{b62:24}
slack app token xapp-1-A0{up:9}-{num:13}-{hex:64}
git clone https://oauth2:glpat-{url:20}@gitlab.acme.io/a/b.git
git remote set-url origin https://ghp_{b62:36}@github.com/acme/api.git
GITHUB_TOKEN=github_pat_{b62:22}_{b62:59}
gh auth login --with-token <<< gho_{b62:36}
ATLASSIAN_TOKEN=ATATT3xFfGF0{url:170}
LINEAR_API_KEY=lin_api_{b62:40}
notion = Client(auth="secret_{b62:43}")
SENTRY_AUTH_TOKEN=sntrys_{b64:100}
doctl auth init -t dop_v1_{hex:64}
GOOGLE_API_KEY=AIza{url:35}
"client_secret":"GOCSPX-{url:28}"
curl -H "Authorization: Bearer ya29.{url:120}" https://www.googleapis.com/drive/v3/files
curl -u admin:{pw} https://jenkins.acme.io/job/deploy/build
curl -H 'X-Api-Key: {b62:40}' https://api.acme.io/v1/orders
Authorization: Basic {b64:32}
fetch(url, {headers: {Authorization: "Bearer {url:64}"}})
requests.get(u, auth=("svc", "{pw}"))
Cookie: sessionid={low:32}; csrftoken={b62:32}
Set-Cookie: connect.sid=s%3A{url:32}.{b62:43}; Path=/; HttpOnly
{"access_token":"{url:80}","token_type":"Bearer","expires_in":3600}
"refresh_token": "1//0g{url:100}"
id_token=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI3NzEiLCJuYW1lIjoiQW5hIn0.{url:43}
KeyVault: clientSecret={b62:3}8Q~{url:34}
AZURE_CLIENT_SECRET={b62:3}8Q~{url:34}
tskey-auth-{b62:12}CNTRL-{b62:32}
new Pusher({appId: "1203", key: "{hex:20}", secret: "{hex:20}"})
recovery code for the vault: {up:4}-{up:4}-{up:4}-{up:4}
"""

LOOK_ALIKES = r"""
CLOUDFLARE_API_TOKEN=<your token here>
export OPENAI_API_KEY=sk-...
OPENAI_API_KEY="sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
STRIPE_KEY=sk_test_your_key_here
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
api_key: ${API_KEY}
password: {{ vault_db_password }}
token: ${{ secrets.GITHUB_TOKEN }}
secret = os.getenv("APP_SECRET")
apiKey: process.env.MAPS_API_KEY,
password = settings.DB_PASSWORD
token = request.headers.get("X-Auth-Token")
const password = await prompt("Password: ")
passwordField.setText(user.getPassword());
if (password.length < 12) throw new Error("too short");
Passwords must have 12 characters, one digit and one symbol.
The password policy changes on 1 July 2026.
forgot password? Click the link in the mail we sent
I lost my password, how can I reset it?
Enter the 6-digit code sent to your phone
password: ************
Password: [redacted]
"password": null, "mfa": true
"token_type": "bearer", "expires_in": 3600
max_tokens: 4096, temperature: 0.7
tokenizer: cl100k_base, pad_token_id=50256
"completion_tokens": 128, "prompt_tokens": 2048
key: user:10432:profile:v2
cache_key = f"order:{order_id}:summary"
primary key (id), foreign key (customer_id) references customers
S3 object key: uploads/2025/03/11/report-final-v3.pdf
<li key={item.id}>{item.label}</li>
i18n key: checkout.payment.error.card_declined
Press any key to continue, or Ctrl+C to abort
partition_key: tenant-0042-eu-west-1
idempotency-key: {uuid}
request_id: {uuid}
trace_id={hex:32} span_id={hex:16}
commit {hex:40}
Merge pull request #4410 from acme/token-refresh ({hex:7})
integrity: sha512-{b64:86}==
resolved "https://registry.npmjs.org/lodash/-/lodash-4.17.21.tgz#{hex:40}"
"sha256": "{hex:64}"
FROM python:3.11@sha256:{hex:64}
digest: sha256:{hex:64} size: 1787
md5sum {hex:32}  release.tar.gz
ETag: W/"{hex:32}"
checksum = "{hex:64}"
numpy==1.26.4 --hash=sha256:{hex:64}
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{b64:43} deploy@ci
ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ{b64:120} dev@laptop
-----BEGIN PUBLIC KEY-----\n{b64:64}\n{b64:64}\n-----END PUBLIC KEY-----
-----BEGIN CERTIFICATE-----\n{b64:64}\n{b64:64}\n-----END CERTIFICATE-----
-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{b64:64}\n-----END PGP PUBLIC KEY BLOCK-----
public_key = "{b64:43}="
[Peer]\nPublicKey = {b64:43}=\nAllowedIPs = 10.8.0.0/24
pk_live_{b62:24}
stripe publishable key pk_test_{b62:24}
pk.eyJ1IjoiZXhhbXBsZSIsImEiOiJjazAwMDAifQ.{url:22}
data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA{b64:100}
<img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP{b64:40}">
GA_MEASUREMENT_ID=G-{up:10}
UA-{num:8}-1
google-site-verification={url:43}
<meta name="csrf-token" content="<%= csrf_token %>">
class="css-{low:7} MuiBox-root-{num:3}"
var t=function(n){return n.a.createElement("div",{key:n.id})};
chunk-{hex:8}.js 142.3 kB
main.{hex:20}.bundle.js
pod/api-{hex:10}-{low:5} 1/1 Running
job id: {b62:21}
nanoid: {url:21}
ULID 01H{up:23}
youtube.com/watch?v={url:11}
https://docs.google.com/document/d/{url:44}/edit
https://acme.zoom.us/j/{num:11}
order ref {up:10}, tracking 1Z{up:16}
VIN WVWZZZ1JZXW{num:6}
ISRC US-{up:3}-25-{num:5}
Serial {up:4}-{up:4}-{up:4} on the back of the router
flight confirmation code: {up:6}
coupon code SAVE20NOW valid until Sunday
promo key: SPRING2025
session id is logged in the analytics table as a hash
The secret of good bread is time
Our secret ingredient: cardamom
secret santa draw is on 12 December at 15:00
He kept the key under the doormat for 20 years
The key takeaway: revenue was up 12% year over year
token ring networks ran at 16 Mbit/s in 1989
The token budget for this model is 128000 tokens.
Bearer of this letter is entitled to one free drink
auth: enabled: true, provider: keycloak
login: alice (last seen 2025-03-02 11:04)
kubectl create secret generic db --from-literal=password=$DB_PASSWORD
vault kv get -field=password secret/data/prod/db
arn:aws:secretsmanager:eu-west-1:{num:12}:secret:prod/db-a1B2c3
secretName: tls-wildcard-acme-io
valueFrom: {secretKeyRef: {name: db, key: password}}
SecretStr = Field(..., description="API key of the caller")
private static final String TOKEN_HEADER = "X-Auth-Token";
def rotate_api_key(self, key_id: str) -> ApiKey:
key_id = "alias/prod-signing-key-2025"
KeyError: 'access_token_2fa'
Cookie: theme=dark; lang=en; consent=2025-03-02
ca-app-pub-{num:16}/{num:10}
msg: token expired at 2025-03-02T11:04:55Z, refresh required
Regex for keys: ^AKIA[0-9A-Z]{16}$
sk_live_ keys must never be committed; use sk_test_ ones
AKIAIOSFODNN7EXAMPLE is the documentation sample
postgres://user:password@localhost:5432/app
redis://:<password>@host:6379
mongodb://$USER:$PASS@db/app
curl -u user:pass https://example.com
curl -H "Authorization: Bearer $TOKEN" https://api.example.com
Authorization: Basic <base64 of user:password>
eyJhbGciOiJIUzI1NiJ9 is how most JWTs begin
password_hash VARCHAR(255) NOT NULL
hunter: token count 12345678 exceeded
"""

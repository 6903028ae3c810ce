"""Secrets and what looks like one, by hand, of many vendors and forms; see ``unseen.py``.

One row a line, holes as in ``unseen_secrets.py``: ``{b62:36}`` becomes 36 random letters and digits, ``{pw}`` a
password that people choose, ``{uuid}`` a UUID. ``\n`` is a line end.
"""

from __future__ import annotations

SECRETS = r"""
db.prod.acme.io:5432:billing:ledger:{b62:16}
machine artifacts.acme.io login ci-bot password {b62:24}
npmRegistries:\n  'https://npm.pkg.acme.io':\n    npmAuthToken: {url:48}
TWINE_USERNAME=__token__ TWINE_PASSWORD=pypi-AgEIcHlwaS5vcmc{url:150} twine upload dist/*
GIT_ASKPASS helper prints glpat-{url:20} whenever git asks
Cloning into 'site'... fatal: unable to access 'https://deploy:ghp_{b62:36}@github.com/acme/site/'
remote "bitbucket"\n  url = https://x-token-auth:ATCTT3xFfGN0{url:80}@bitbucket.org/acme/api.git
registry-creds secret, .dockerconfigjson decoded: user acmebuild, pass {b62:26}
docker login -u acmebuild -p dckr_pat_{url:27}
docker run -d -e MYSQL_ROOT_PASSWORD={b62:14} -p 3306:3306 mysql:8
users:\n- name: cluster-admin\n  user:\n    token: {b62:64}
- name: dev\n  user:\n    client-key-data: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQ{b64:160}
apiVersion: v1\nkind: Secret\nmetadata:\n  name: smtp\nstringData:\n  username: mailer\n  password: {b62:20}
variable "db_password" {\n  default = "{b62:20}"\n}
digitalocean_token = "dop_v1_{hex:64}"
credentials "app.terraform.io" {\n  token = "{b62:14}.atlasv1.{b62:67}"\n}
VAULT_TOKEN=hvs.CAESI{url:90} vault kv list apps/
- hosts: all\n  vars:\n    ansible_user: deploy\n    ansible_become_pass: "{pw}"
[ci 12:04:51] + echo $NPM_TOKEN\n[ci 12:04:51] npm_{b62:36}
ci> s3cmd --access_key=AKIA{up:16} --secret_key={b64:40} sync dist/ s3://acme-www/
https://acmebackups.file.core.windows.net/share?sv=2023-01-03&ss=f&srt=sco&sp=rwdl&se=2027-05-01T00:00:00Z&spr=https&sig={b62:43}%3D
https://chat.googleapis.com/v1/spaces/AAAA{url:7}/messages?key=AIzaSy{url:33}&token={url:43}%3D
curl -X POST https://acme.webhook.office.com/webhookb2/{uuid}@{uuid}/IncomingWebhook/{hex:32}/{uuid}
Driver={ODBC Driver 18 for SQL Server};Server=erp01;Uid=sa;Pwd={b62:15};
amqps://orders:{b62:22}@rabbit-2.acme.internal:5671/prod
rediss://default:{b62:40}@cache.acme.io:6380/0
Server=tcp:acme.database.windows.net,1433;Initial Catalog=hr;User ID=svc;Password={b62:18};
clickhouse-client --host ch1 --user loader --password '{pw}'
cloudinary://{num:15}:{url:27}@acme-media
the root pw on the old NAS is {pw}, please change it once you are in
Wifi for the back office: network Acme-Staff, passphrase {pw}
Hi Jon, vpn login is jkeller and the temporary password is {b62:11} - valid till Friday
Das Kennwort f\u00fcr den Admin-Zugang der Telefonanlage lautet {pw}
Le mot de passe du compte de secours est {pw}, ne le laisse pas tra\u00eener
La contrase\u00f1a del servidor de copias es {b62:12}, usuario backup
admin:$apr1${b62:8}${b62:22}
mirror:$2y$10${b62:53}
Cookie: JSESSIONID={HEX:32}; remember_me={url:64}
browser.add_cookie(name='_gitlab_session', value='{hex:32}')
id_ed25519 came out of the backup like this:\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ{b64:70}\n{b64:70}\nplease tell me why ssh says invalid format
ssl_key: |\n  -----BEGIN ENCRYPTED PRIVATE KEY-----\n  MIIFHDBOBgkqhkiG9w0BBQ0wQTAp{b64:36}\n  {b64:64}\n  -----END ENCRYPTED PRIVATE KEY-----\nssl_key_passphrase: {b62:16}
PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: ops-2024\nPrivate-Lines: 2\n{b64:64}\n{b64:64}\nPrivate-MAC: {hex:64}
{"type":"service_account","project_id":"acme-prod","private_key_id":"{hex:40}","private_key":"-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC{b64:120}\\n-----END PRIVATE KEY-----\\n"}
{"kty":"EC","crv":"P-256","x":"{url:43}","y":"{url:43}","d":"{url:43}"}
wg set wg0 peer {b64:43}= preshared-key <(echo {b64:43}=)
AGE-SECRET-KEY-1{up:58}
otpauth://totp/Acme:ops?secret={up:32}&issuer=Acme
my wallet recovery phrase: ribbon trophy nasty olive lunar hedgehog panic update salmon virtual muffin cradle
claude key for the intern's demo, budget 20 dollars: sk-ant-api03-{url:93}AA
from huggingface_hub import login; login("hf_{b62:34}")
model: llama-3.3-70b\nprovider: groq\ncredentials:\n  - gsk_{b62:52}
PERPLEXITY_KEY: pplx-{b62:48}
n8n credential 'Notion': ntn_{num:11}{b62:35}
postman.api_key=PMAK-{hex:24}-{hex:34}
tailscale up --authkey tskey-auth-{b62:16}-{b62:32}
GRAFANA_SA=glsa_{b62:32}_{hex:8}
brevo:\n  key: xkeysib-{hex:64}-{b62:16}
MAILCHIMP_API={hex:32}-us14
HEROKU_API_KEY=HRKU-{uuid}
"fastly": {"service": "www", "token": "{url:32}"}
TWITCH_CHAT_PASS=oauth:{low:30}
salesforce:\n  username: api@acme.io\n  security_token: {b62:24}
fcm server key AAAA{url:7}:APA91b{url:134}
<server><id>nexus</id><username>release</username><password>{b62:16}</password></server>
snmp-server community {b62:12} RW
$CONFIG = ['passwordsalt' => '{b62:30}', 'secret' => '{b64:48}'];
ldapsearch -x -D "cn=reader,dc=acme,dc=io" -w {b62:14} -b dc=acme,dc=io
curl -s -H "Authorization: Basic {b62:36}==" https://jira.acme.io/rest/api/2/myself
{"access_token":"eyJhbGciOiJSUzI1NiIsImtpZCI6Ij{url:20}.eyJzdWIiOi{url:120}.{url:342}","token_type":"Bearer"}
"""

LOOK_ALIKES = r"""
db.example.com:5432:*:app:<password>
machine github.com login USERNAME password PERSONAL_ACCESS_TOKEN
npmAuthToken: "${NODE_AUTH_TOKEN:-unset}"
git config --global url."https://x:${CI_PUSH_TOKEN}@git.acme.io/".insteadOf "https://git.acme.io/"
docker login -u "$REGISTRY_USER" --password-stdin < /run/secrets/registry
password: !vault |\n  (see group_vars/prod/vault.yml)
password_file: /etc/prometheus/secrets/basic_auth
secret/data/apps/ledger#smtp_password
vault kv get -field=token kv/ci/netlify
volumes:\n- name: creds\n  csi:\n    driver: secrets-store.csi.k8s.io\n    volumeAttributes: {secretProviderClass: ledger-creds}
op://Infrastructure/postgres-prod/password
@Microsoft.KeyVault(SecretUri=https://acme-kv.vault.azure.net/secrets/SmtpPassword/)
projects/acme-prod/secrets/stripe-key/versions/latest
|1|{b64:27}=|{b64:27}= ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABB{b64:86}=
-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE{b64:64}\n{b64:22}==\n-----END PUBLIC KEY-----
-----BEGIN CERTIFICATE REQUEST-----\nMIICijCCAXICAQAwRTEL{b64:44}\n{b64:64}\n-----END CERTIFICATE REQUEST-----
pub   rsa4096 2021-06-01 [SC]\n      {HEX:40}\nuid   Acme Release Signing
v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA{b64:180}
recipient: age1{low:58}
SHA256:{b64:43} host key for bastion (ED25519)
{hex:64}  ledger-2.4.1-linux-amd64.tar.gz
MD5 (image.iso) = {hex:32}
resolution: 'lodash@npm:4.17.21'\n  checksum: 10c0/{hex:128}
commit {hex:40}\nAuthor: Build Bot\nDate: Tue Jul 1 10:02:11 2025 +0200
Digest: sha256:{hex:64}\nStatus: Downloaded newer image for redis:7
github.com/stretchr/testify v1.9.0 h1:{b64:43}=
If-None-Match: W/"{hex:40}"
<div class="css-{low:7} sc-{low:6} jTkWqd">
/assets/index-{url:8}.js 214.11 kB gzip: 68.40 kB
<img alt="dot" src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAA{b64:60}">
src: url(data:font/woff2;base64,d09GMgABAAAAA{b64:90}) format("woff2");
please quote incident {uuid} when you write to support
traceparent: 00-{hex:32}-{hex:16}-01
correlation id {b62:22} was not found in the index
gtag('config', 'AW-{num:10}');
utm_source=news&utm_campaign=spring&gclid=Cj0KCQjw{url:60}
fbclid=IwAR0{url:50} can be dropped from the link
spotify:track:{b62:22} and vimeo.com/{num:9}
https://www.figma.com/design/{b62:22}/Checkout?node-id=112-4471
bucket object gs://acme-builds/{hex:40}/app.apk
ami-0{hex:16} in subnet-0{hex:16}, sg-0{hex:16}
clusterName: gke_acme-prod_europe-west4_main, resourceVersion: "884120337"
Terraform v1.9.3 on linux_amd64 + provider registry.terraform.io/hashicorp/aws v5.58.0
tx hash 0x{hex:64} was mined in block 19340221
stripe charge ch_3P{b62:22} refunded, customer cus_{b62:14}
pk_live_{b62:24} is the publishable key that goes in the page
sentry dsn without secret: https://{hex:32}@o40112.ingest.sentry.io/450{num:13}
client_id={num:12}-{low:32}.apps.googleusercontent.com
AKIAIOSFODNN7EXAMPLE is the access key id used in the AWS manual
API_KEY=changeme
JWT_SECRET=replace-with-a-long-random-string
DATABASE_URL=postgres://USER:PASSWORD@HOST:5432/NAME
auth_token: "********************************"
token ghp_**** (last used 3 days ago)
"secret": "<redacted>", "rotated_at": "2025-06-01"
SLACK_WEBHOOK=https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX
sk-ant-api03-... (paste yours here)
$env:SMTP_PASSWORD | Should -Not -BeNullOrEmpty
let secret = std::env::var("SIGNING_SECRET").expect("SIGNING_SECRET not set");
password = getpass.getpass("Database password: ")
Das Passwort muss alle 90 Tage ge\u00e4ndert werden und darf den Namen nicht enthalten.
Le mot de passe est incorrect, veuillez r\u00e9essayer.
The secret of a good risotto is to stir it slowly.
Monkey patching the tokenizer broke the key bindings in version 2.11.0-rc.4
error: invalid password for user "ledger" (SQLSTATE 28P01)
private key: stored in the HSM, slot 2, never exported
ssh-keygen -t ed25519 -f ~/.ssh/id_ed25519 -N ""
pass: 112, fail: 3, skipped: 9
license: MIT, keywords: ["token", "secret", "vault"]
SELECT secret_name, created_at FROM secret_registry ORDER BY created_at DESC
nonce-{b64:22}== in the Content-Security-Policy of this response
"""

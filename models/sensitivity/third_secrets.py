"""Secrets, and what only looks like one: the third blind hand, read by nobody who tunes a rule.

One row a line, ``\n`` a line end. The holes are filled by ``made_values.filled`` when this module is
loaded, the same each time: ``SECRETS`` and ``LOOK_ALIKES`` hold the finished rows.
"""

from __future__ import annotations

from made_values import filled

_SECRETS = r"""
Morning! The Stripe key for the donations page is sk_live_51{b62:97}, put it where the old one was and delete this message afterwards
[profile archive]\naws_access_key_id = AKIA{b32:16}\naws_secret_access_key = {b64:40}\nregion = eu-north-1
export AWS_SESSION_TOKEN=IQoJb3JpZ2luX2VjE{b64:240}== # expires in an hour
why does this give 401?\n\nimport openai\nclient = openai.OpenAI(api_key="sk-proj-{url:74}T3BlbkFJ{url:74}")
ANTHROPIC_API_KEY=sk-ant-api03-{url:93}AA python summarise.py
I keep getting "rate limit exceeded" from Hugging Face although I log in with hf_{az:34} - is that a read token?
{"level":"warn","ts":1790213311,"msg":"retrying","headers":{"authorization":"Bearer {jwt}"}}
curl https://api.sendgrid.com/v3/mail/send -H 'Authorization: Bearer SG.{url:22}.{url:43}' -d @mail.json
git remote -v\norigin  https://octo-bot:github_pat_{b62:22}_{b62:59}@github.com/fennbrook/ledger.git (fetch)
The deploy step prints the token in clear text, see line 88: ghp_{gh}. Rotate it please.
GitHub Actions runner: ghs_{gh} was found in the uploaded artifact
//registry.npmjs.org/:_authToken=npm_{gh}
SLACK_BOT_TOKEN: "xoxb-{num:12}-{num:13}-{b62:24}"\nSLACK_APP_TOKEN: "xapp-1-A{up:10}-{num:13}-{hex:64}"
our alert bot's been posting to the wrong channel. webhook is https://hooks.slack.com/services/T{up:10}/B{up:10}/{b62:24}
const bot = new Telegraf("{num:10}:AA{url:33}")
client.login('MTA{b62:23}.G{url:5}.{url:38}') // discord.js v14
https://discord.com/api/webhooks/{num:19}/{url:68}
twilio = Client("AC{~hex:32}", "{hex:32}")
maps.googleapis.com/maps/api/geocode/json?address=Aarhus&key=AIza{url:35}
"web":{"client_id":"{~num:12}-{~low:32}.apps.googleusercontent.com","client_secret":"GOCSPX-{url:28}"}
DefaultEndpointsProtocol=https;AccountName=fennbrookmedia;AccountKey={b64:86}==;EndpointSuffix=core.windows.net
az login --service-principal -u {~uuid} -p {b62:3}8Q~{url:34} --tenant {~uuid}
Endpoint=sb://fennbrook-bus.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey={b64:43}=
DD_API_KEY={hex:32} DD_SITE=datadoghq.eu bash -c "$(curl -L https://install.example.com/agent.sh)"
newrelic.ini\nlicense_key = {hex:36}NRAL\napp_name = Bookshop
shopify theme push --store fennbrook --password shptka_{hex:32}
X-Shopify-Access-Token: shpat_{hex:32}
dbx configure --host https://adb-4417.3.azuredatabricks.net --token dapi{hex:32}-2
Postman says "Invalid API Key", I'm passing PMAK-{hex:24}-{hex:34}
airtable = Api('pat{b62:14}.{hex:64}')
Notion integration secret: ntn_{num:11}{b62:35} (internal, workspace Fennbrook)
figma export script wants --token figd_{url:40} as the first argument
lin_api_{b62:40} is my Linear key, can you write me a script that closes all stale tickets?
pulumi login; echo pul-{hex:40} | pbcopy
tailscale up --authkey tskey-auth-k{b62:11}CNTRL-{b62:32} --hostname nas
[Interface]\nPrivateKey = {b64:42}A=\nAddress = 10.44.0.2/32\n\n[Peer]\nPublicKey = {~b64:42}8=\nEndpoint = vpn.fennbrook.net:51820
# created: 2026-03-02T08:11:40Z\n# public key: {~agepub}\n{age}
-----BEGIN RSA PRIVATE KEY-----\n{pem:rsa}\n-----END RSA PRIVATE KEY-----
cat ~/.ssh/id_ed25519\n-----BEGIN OPENSSH PRIVATE KEY-----\n{pem:openssh}\n-----END OPENSSH PRIVATE KEY-----
tls.key: |\n    -----BEGIN PRIVATE KEY-----\n    {pem:pkcs8}\n    -----END PRIVATE KEY-----
Is this the public or the private half?\n-----BEGIN EC PRIVATE KEY-----\n{pem:ec}\n-----END EC PRIVATE KEY-----
"private_key_id": "{~hex:40}", "private_key": "-----BEGIN PRIVATE KEY-----\\n{pemj:pkcs8}\\n-----END PRIVATE KEY-----\\n", "client_email": "etl@fennbrook-prod.iam.gserviceaccount.com"
rubygems_{hex:48} <- push key, scope: yank + push
dotnet nuget push Fenn.Core.3.1.0.nupkg -k oy2{low:43} -s https://api.nuget.org/v3/index.json
postgresql+asyncpg://reporting:{b62:18}@pg-replica.fennbrook.lan:6432/warehouse?ssl=require
spring.datasource.url=jdbc:mysql://10.20.4.17:3306/shop?user=shop_rw&password={=Kornblume-1974!}&useSSL=true
MONGO_URI="mongodb+srv://svc_catalog:{=hB7%21rainy%2Fdock}@cluster0.x1yz2.mongodb.net/catalog?retryWrites=true"
redis-cli -u redis://:{b62:32}@redis-master:6379/2 FLUSHDB  (is this safe?)
sqlplus hr/{=Tiger_Lily88}@//ora19.fennbrook.lan:1521/HRPDB
mysql -h 127.0.0.1 -uroot -p{=s0ndag$kveld} wordpress < dump.sql
CREATE USER loader WITH ENCRYPTED PASSWORD '{=vT9#mumble-Crate}';\nGRANT SELECT ON ALL TABLES IN SCHEMA raw TO loader;
ALTER LOGIN [sa] WITH PASSWORD = N'{=Xq!77bluebird_Z}', CHECK_POLICY = OFF;
INSERT INTO app_users (login, pass, role) VALUES ('mette', '{=Havregryn22}', 'editor'), ('jonas', '{=jonas-er-best}', 'admin');
host,user,password,notes\nsw-core-1,netadmin,{=C1sc0.Falkor},rack 4\nsw-core-2,netadmin,{=C1sc0.Atreyu},rack 5
enable secret {=Lyngby!4800}\nline vty 0 4\n password {=tele-2-net}\n login
<add key="SmtpPassword" value="{=Paraply_9931}" /><add key="SmtpHost" value="mail.fennbrook.net" />
<bean id="ds"><property name="username" value="orders"/><property name="password" value="{b62:17}"/></bean>
resource "aws_db_instance" "main" {\n  engine   = "postgres"\n  username = "master"\n  password = "{=brisk-Otter-41-Lamp}"\n}
data:\n  SESSION_SECRET: {b64:43}=\nkind: Secret\nmetadata: {name: web, namespace: prod}
helm upgrade web ./chart --set auth.rootPassword={b62:20} --set image.tag=4.1.2
services:\n  mail:\n    image: mailserver\n    environment:\n      - RELAY_USER=apikey\n      - RELAY_PASS={=Pilgrim*River*09}
$cred = New-Object PSCredential("FENN\backup", (ConvertTo-SecureString "{=Winter!sOlstice26}" -AsPlainText -Force))
net use Z: \\files01\scans {=Kaffee&Kuchen3} /user:FENN\scanner
sshpass -p '{=m0rgenr0te}' ssh pi@192.168.8.40 uptime
wget --user=partner --password={=1Million-Pixels} ftp://drop.fennbrook.net/in/*.csv
Authorization: Basic {basic}
GET /v1/orders HTTP/1.1\nHost: api.fennbrook.net\nX-Api-Key: {b62:40}\nAccept: application/json
curl -u "warehouse:{=Gr8-Pallet-Stack}" https://wms.fennbrook.net/api/bins
Cookie: lang=da; sessionid={low:32}; csrftoken={b62:64}
define('AUTH_KEY', '{=p]~Q|:u7>kXc@L4n$;Hs0w!RzE9b^aVtYd2(GfM+TqJ6i%PoC8&xK1*N5<Ujl3?}');
SECRET_KEY = 'django-insecure-{=t4$w!k8n^x0b@z5m&c1v#j7q-y2r(u9s)e3g+h6p%d}'
Rails.application.credentials.secret_key_base  # => "{hex:128}"
config/master.key\n{hex:32}
APP_KEY=base64:{b64:43}=
jasypt.encryptor.password={=LaternenPfahl#12} is in the startup script of every node, is that a problem?
keytool -importkeystore -srckeystore fenn.p12 -srcstorepass {=Stra8enbahn} -destkeystore fenn.jks -deststorepass {=changedit-2019}
ansible-vault edit group_vars/all.yml   (vault pw: {=papier.schere.stein})
2026-08-19 07:14:02 DEBUG LdapAuth - bind dn=cn=reader,dc=fenn,dc=net pw={=Zwiebel_kuchen}
Aug 19 07:20:11 gw pppd[811]: sent [PAP AuthReq id=0x1 user="fenn@isp" password="{=qu1ckBr0wn7}"]
[ERROR] login failed for user=lars.holm password={=Sommerhus2025} ip=10.3.3.9 attempt=3
Traceback ... OperationalError: could not connect: postgres://app:{b62:22}@db:5432/app
Fastly token {url:32} was pasted into the ticket by the agency, purge it
CLOUDFLARE_API_TOKEN="{url:40}" wrangler deploy
{"alg_app_id":"{~up:10}","alg_admin_key":"{hex:32}"}
DOPPLER_TOKEN=dp.pt.{b62:43} doppler run -- make serve
psql "host=aws.connect.psdb.cloud user={~low:20} password=pscale_pw_{url:43}"
replicate login --token r8_{b62:37}
groq key gsk_{b62:52} and the perplexity one pplx-{b62:48}, use whichever is cheaper
Hej Mikkel, koden til alarmen i butikken er {=4471}, og den skal tastes inden for 30 sekunder.
Das WLAN-Passwort f\u00fcr die Ferienwohnung lautet {=Seeblick-Ente-27}, Router steht im Flur.
mot de passe du coffre : {=Ch@teauRouge59}, ne le note pas sur le tableau stp
La contrase\u00f1a del correo de la asociaci\u00f3n es {=Vecinos_Unidos7}; c\u00e1mbiala cuando entres.
A senha do sistema de ponto \u00e9 {=Girassol#88} e o usu\u00e1rio \u00e9 o n\u00famero da matr\u00edcula.
Ciao, le credenziali del gestionale: utente magazzino, password {=Tramontana!5}
Has\u0142o do panelu hostingu to {=Zielony-Rower-3}, login taki jak zawsze.
\u30d1\u30b9\u30ef\u30fc\u30c9\u306f {=sakura_Mochi42} \u3067\u3059\u3002\u30ed\u30b0\u30a4\u30f3\u3067\u304d\u306a\u3051\u308c\u3070\u9023\u7d61\u3057\u3066\u304f\u3060\u3055\u3044\u3002
\u670d\u52a1\u5668root\u5bc6\u7801\u662f {=Hongqiao#2031},\u522b\u53d1\u5230\u7fa4\u91cc\u3002
\u041f\u0430\u0440\u043e\u043b\u044c \u043e\u0442 \u0430\u0434\u043c\u0438\u043d\u043a\u0438: {=Beryozka_77}, \u043b\u043e\u0433\u0438\u043d editor
Wachtwoord van de kassa is {=Stroopwafel01} en de pincode voor de lade {=8830}.
l\u00f6senordet till bokningssystemet \u00e4r fortfarande {=Midsommar2024}, vi borde byta
Dad's card PIN is {=7306}, he asked me to take out 200 for the plumber
The code for the key safe beside the back door is {=5529B}; carers come at eight.
my garage keypad is {=90417}# and it doesnt open anymore since the battery swap
Locker combination: {=34-8-21}. Bring the blue bag when you come.
When I type my Apple ID password {=Bramble.Foot2!} it keeps saying account locked?
He told me over the phone that the admin login is "admin" and the password is "{=letmein-Kingston}"
so basically everyone in accounts uses {=Fennbrook123} and nobody ever got told to change it
Between us, the safe opens with {=61-04-77-19}.
The seed of my wallet is {=evoke blouse gloom ice foot dinner axis stage apology fatal top knee} and Electrum says it is invalid, why?
{=1 reject 2 sound 3 grape 4 opera 5 upgrade 6 other 7 sustain 8 position 9 vote 10 cushion 11 add 12 party}   (Ledger words, keep in the drawer)
mi frase semilla: {=aroma quitar cr\u00e1ter canguro llenar momia enemigo venus permiso funda lomo d\u00e1til}
restore wallet --mnemonic "{=antique market actual robot ten bench virtual mosquito picnic inherit pear notable special device simple rain boring robust uniform silent ghost mind soft stuff}"
bitcoin-cli importprivkey {wif} "old paper wallet"
master key {xprv} exported from the cold storage box
PRIVATE_KEY=0x{hex:64}\nRPC_URL=https://sepolia.example.org
Your backup codes, each works once:\n{num:4} {num:4}   {num:4} {num:4}\n{num:4} {num:4}   {num:4} {num:4}
GitHub recovery codes\n{hex:5}-{hex:5}\n{hex:5}-{hex:5}\n{hex:5}-{hex:5}\n{hex:5}-{hex:5}
BitLocker recovery key for LAPTOP-7KQ: {num:6}-{num:6}-{num:6}-{num:6}-{num:6}-{num:6}-{num:6}-{num:6}
otpauth://totp/Fennbrook:lars?secret={b32:32}&issuer=Fennbrook
If the QR does not scan enter this setup key by hand: {low:4} {low:4} {low:4} {low:4}
FileVault personal recovery key {up:4}-{up:4}-{up:4}-{up:4}-{up:4}-{up:4}
Your one-time sign-in code is {=819 204}. It expires in 10 minutes.
SMS from bank: use {=55013862} to approve the transfer of 4,900 kr
https://fennbrook.net/reset?uid=4411&token={url:43}
https://fennbrook-files.s3.eu-west-1.amazonaws.com/q3.zip?X-Amz-Credential=AKIA{~b32:16}%2F20260301%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Expires=604800&X-Amz-Signature={hex:64}
git clone https://oauth2:glpat-{url:20}@gitlab.fennbrook.net/infra/dns.git
gitlab-runner register --token glrt-{url:20} --executor docker
kubeadm join 10.0.0.4:6443 --token {low:6}.{low:16} --discovery-token-ca-cert-hash sha256:{~hex:64}
sbp_{hex:40} lets the CLI into all our Supabase projects
OKTA_CLIENT_TOKEN=00{url:40}
sentry-cli --auth-token sntrys_eyJpYXQiOjE3{b64:110}_{b64:43} releases list
launchdarkly: sdk-{uuid}
mailgun: api:key-{hex:32}
squareup access token EAAA{url:60}
"""

_LOOK_ALIKES = r"""
STRIPE_SECRET_KEY=sk_live_xxxxxxxxxxxxxxxxxxxxxxxx
aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
export OPENAI_API_KEY=<your key here>
Replace YOUR_TOKEN_HERE with the token you created under Settings > Developer.
password: "{{ vault_db_password }}"
DB_PASSWORD=${DB_PASSWORD:?must be set}
token: ${{ secrets.GITHUB_TOKEN }}
api_key = os.environ["SENDGRID_API_KEY"]
const secret = process.env.JWT_SECRET ?? fail("JWT_SECRET missing");
password = var.master_password
value: !Ref DbPasswordParameter
secretKeyRef:\n  name: web-session\n  key: SESSION_SECRET
spring.datasource.password=${SPRING_DB_PASS}
mysql -u root -p"$MYSQL_PWD" shop < schema.sql
connectionString: "Server=(localdb)\mssqllocaldb;Database=Shop;Trusted_Connection=True"
postgres://user:password@localhost:5432/mydb is the usual shape of the URL; where does the ssl mode go?
curl -H "Authorization: Bearer $TOKEN" https://api.fennbrook.net/v1/me
Authorization: Bearer <access_token>
Authorization: Basic base64(client_id:client_secret)
op read "op://Private/GitHub/token" | gh auth login --with-token
PGPASSFILE=~/.pgpass psql -h db -U app
{"password": "********", "user": "lars"}
login failed for user=lars.holm password=[REDACTED] ip=10.3.3.9
masked key: sk-...f3Qa, last used yesterday
Your API key ends in 9Kd2. To see all of it again you have to create a new one.
{"errors":[{"field":"password","code":"too_short","min":12}]}
ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)
sudo: 3 incorrect password attempts
FATAL: password authentication failed for user "reporting"
{"error":"invalid_grant","error_description":"Token has been expired or revoked."}
How long should a passphrase be if I use six random words?
Passwords must have at least 14 characters, one digit and no part of your name, and are changed when there is a sign of misuse.
What is the difference between an API key and an OAuth token?
Explain why storing passwords with MD5 is a bad idea.
Why would anyone use "hunter2" as a joke in security circles?
In 2023 the most common password in the leaked lists was still a row of digits from one to six.
Is it true that Norwegians are better at choosing passwords than Danes?
Remind me in a month to change my bank password.
I forgot the PIN of my phone, is there any way to reset it without losing the photos?
Nunca le diremos que nos d\u00e9 su contrase\u00f1a por tel\u00e9fono.
Das Passwort muss mindestens zw\u00f6lf Zeichen lang sein und darf nicht im W\u00f6rterbuch stehen.
Votre mot de passe a \u00e9t\u00e9 modifi\u00e9 le 3 mars. Si ce n'\u00e9tait pas vous, contactez le support.
\u30d1\u30b9\u30ef\u30fc\u30c9\u3092\u5fd8\u308c\u305f\u65b9\u306f\u3053\u3061\u3089\u3092\u30af\u30ea\u30c3\u30af\u3057\u3066\u304f\u3060\u3055\u3044\u3002
\u5bc6\u7801\u957f\u5ea6\u4e0d\u80fd\u5c11\u4e8e8\u4f4d,\u4e14\u5fc5\u987b\u5305\u542b\u5b57\u6bcd\u548c\u6570\u5b57\u3002
Wachtwoord vergeten? Vul je e-mailadres in en wij sturen een link.
\u0417\u0430\u0431\u044b\u043b\u0438 \u043f\u0430\u0440\u043e\u043b\u044c? \u041d\u0430\u0436\u043c\u0438\u0442\u0435 \u043d\u0430 \u0441\u0441\u044b\u043b\u043a\u0443 \u0432 \u043f\u0438\u0441\u044c\u043c\u0435.
request_id={uuid} status=200 took=41ms
traceparent: 00-{hex:32}-{hex:16}-01
x-amzn-trace-id: Root=1-{hex:8}-{hex:24}
commit {hex:40}\nAuthor: Lars Holm\nDate:   Mon Aug 17 09:12:44 2026 +0200
Merge pull request #4417 from fennbrook/fix-{hex:7}
sha256:{hex:64}  fenn-cli_3.1.0_linux_amd64.tar.gz
{hex:32}  debian-13.1.0-amd64-netinst.iso
"integrity": "sha512-{b64:86}=="
ghcr.io/fennbrook/web@sha256:{hex:64}
golang.org/x/text v0.21.0 h1:{b64:43}=
lodash@^4.17.21:\n  resolved "https://registry.yarnpkg.com/lodash/-/lodash-4.17.21.tgz#{hex:40}"
pandas==2.3.1 --hash=sha256:{hex:64}
ETag: W/"{hex:32}-1f4"
Build 20260817.4 (rev {hex:12}), node v22.8.0, glibc 2.39
Git object {hex:40} is a tree, {hex:40} a blob
The content hash in app.{hex:20}.js changes with each release.
uuid primary key default gen_random_uuid(), e.g. {uuid}
{"_id":{"$oid":"{hex:24}"},"name":"hex bolt M8","stock":412}
ULID 01J{up:23} sorts by time
https://youtu.be/{url:11}?t=42
https://docs.google.com/document/d/1{url:43}/edit is the public style guide
spotify:track:{b62:22}
doi:10.1016/j.jclepro.2024.141882
ISBN 978-91-7000-150-5, 312 pages
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{b64:43} lars@laptop
ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC{b64:325} deploy
-----BEGIN PUBLIC KEY-----\n{pem:pub}\n-----END PUBLIC KEY-----
-----BEGIN CERTIFICATE-----\n{pem:cert}\n-----END CERTIFICATE-----
|1|{b64:27}=|{b64:27}= ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{b64:43}
The authenticity of host 'git.fennbrook.net' can't be established.\nED25519 key fingerprint is SHA256:{b64:43}.
pgp fingerprint: {HEX:4} {HEX:4} {HEX:4} {HEX:4} {HEX:4}  {HEX:4} {HEX:4} {HEX:4} {HEX:4} {HEX:4}
[Peer]\nPublicKey = {b64:42}8=\nAllowedIPs = 10.44.0.0/24
age recipient: {agepub}
send donations to {btc}
v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC{b64:172}QIDAQAB
google-site-verification={url:43}
pk_live_51{b62:97} belongs in the browser, the other one does not
STRIPE_PUBLISHABLE_KEY=pk_test_51{b62:97}
<div class="g-recaptcha" data-sitekey="6L{url:38}"></div>
<script src="https://www.googletagmanager.com/gtag/js?id=G-{up:10}"></script>
<img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA{b64:180}=="/>
background: url(data:font/woff2;base64,d09GMgABAAAAA{b64:140});
<link rel="stylesheet" href="https://cdn.example.com/bootstrap.min.css" integrity="sha384-{b64:64}" crossorigin="anonymous">
def reset_password(user: User, new_password: str) -> None:\n    user.set_password(new_password)
if (token === null || token.type !== TokenType.Identifier) return parsePrimary();
class PasswordResetTokenGenerator extends AbstractTokenFactory implements TokenGeneratorInterface
max_tokens=4096, temperature=0.2, stop_token="<|endoftext|>"
tokenizer.pad_token = tokenizer.eos_token
SELECT user_id, password_hash IS NULL AS sso_only FROM accounts WHERE locked = 0;
ALTER TABLE users ADD COLUMN password_changed_at timestamptz;
password_field = driver.find_element(By.ID, "login-password")
<input type="password" name="current-password" autocomplete="current-password" required minlength="12">
const hunter = passwordStrength(input.value); // 0 to 4
COMPONENT_LIBRARY_PRIMARY_KEY_CONSTRAINT_NAME = "pk_orders_customer_id"
kubectl create secret generic web --from-file=./session.key
kubectl get secret web -o jsonpath='{.data.tls\.crt}' | base64 -d | openssl x509 -noout -dates
aws secretsmanager get-secret-value --secret-id prod/db --query SecretString
arn:aws:secretsmanager:eu-north-1:{num:12}:secret:prod/db-{b62:6}
vault kv put secret/web password=@pw.txt
ssh-keygen -t ed25519 -f ~/.ssh/fenn -C "lars@laptop"
openssl rand -base64 32 > session.key
htpasswd -B -c .htpasswd editor\nNew password:\nRe-type new password:
identity file /home/lars/.ssh/id_ed25519 type 3
Ticket FB-20931: customers cannot change their password in the app since 4.2.0
INC0048817 key rotation postponed, CHG0020417 approved
Order 7306-4471-2209 has left the warehouse, parcel 00370733490012849117.
Part no. HX-5529B-90417, replaces HX-5529A-90388
Serial number C02{up:9}, bought in 2021, battery cycles 611
Firmware 1.14.3-r2+g{hex:7}, bootloader 0x2F00, CRC 0x{HEX:8}
flight BX7306, seat 22C, gate closes 14:40
room 4471, floor 44, conference line opens at nine
My PIN pad has only three working keys, how do I change a button cell?
The combination of red wine, thyme and orange peel works best when simmered slowly.
key signature: E flat major, 3 flats; metronome 88
Key results for Q2: churn 2.1 percent, NPS 44, uptime 99.97
The secret of a good rye bread is time, not yeast.
What is the passcode scene in that film with the three thieves called?
the seed of an apple contains how many words in the Swedish crossword, asks my nephew
Twelve words that help with spelling: stage, knee, foot, fatal, dinner, apology, axis, top, gloom, ice, blouse, evoke them in a story please
Access key features: large handle, two bits, brass, fits locks of the 700 series
A session cookie is deleted when the browser closes; a persistent cookie has an expiry date.
token ring networks were slower than switched Ethernet, but were they more deterministic?
Each player gets five tokens and a secret role card.
The private key never leaves the device; only the signature is sent.
Webhooks: create one under Integrations, copy the URL https://hooks.example.com/<workspace>/<id> and paste it into the form.
https://hooks.slack.com/services/T000/B000/XXXX
xoxb-your-bot-token
ghp_ tokens are classic, github_pat_ tokens are fine-grained, gho_ come from OAuth apps
AIza... keys can be limited by referrer in the console
The prefix AKIA marks a long-lived key and ASIA a temporary one.
"token": "string", "expires_in": 0, "scope": "string"
password=dummy in the unit tests is fine, the fake server ignores it
admin_password: CHANGE_ME_BEFORE_DEPLOY
smtp:\n  user: someone@example.com\n  pass: <app password from your provider>
spec.template.spec.containers[0].env[3].valueFrom.secretKeyRef.name: required value
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_MIN_LENGTH=14\nPASSWORD_HISTORY=5\nTOKEN_TTL=3600\nSECRET_ROTATION_DAYS=90
pattern for scanning: /\bAKIA[A-Z2-7]{16}\b/
KeyError: 'api_key' at line 41 of client.py
"""


SECRETS = filled(_SECRETS, 31)
LOOK_ALIKES = filled(_LOOK_ALIKES, 32)

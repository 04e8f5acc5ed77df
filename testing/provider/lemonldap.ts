import { type ChildProcess, spawn } from "node:child_process"
import { createHash, generateKeyPairSync } from "node:crypto"
import { once } from "node:events"
import fs from "node:fs"
import { request } from "node:http"
import { createServer } from "node:https"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { pem } from "#testing/mail/mail-server.ts"
import { freePort } from "#testing/programs/daemons.ts"
import { findProgram } from "#testing/programs/find-program.ts"

/** LemonLDAP::NG accepts only characters in a secret that no encoding changes. */
export const LEMONLDAP_CLIENT = { id: "lapse", secret: "a-secret-between-two-machines" }

/** Debian's packages for it, with the packages that they recommend. */
export const PACKAGES = "liblemonldap-ng-portal-perl lemonldap-ng-fastcgi-server starman slapd"

const PORTAL = "/usr/share/lemonldap-ng/portal/htdocs/index.psgi"
const SLAPD = "/usr/sbin/slapd"

/** Whether LemonLDAP::NG, OpenLDAP and a server for the portal are on this machine. */
export const hasLemonldap = () =>
  fs.existsSync(PORTAL) && fs.existsSync(SLAPD) && findProgram(["starman"]) !== undefined

/** A person of the directory, who is in these groups. */
export type Entry = { uid: string; name: string; mail: string; password: string; groups: string[] }

type Wanted = { appUrl: string; people: Entry[] }

/**
 * Starts LemonLDAP::NG, with its people in an OpenLDAP, behind https with a certificate of the
 * authority that testing/mail/ has. Both are configured as docs/services/sign-in.md says.
 */
export async function startLemonldap({ appUrl, people }: Wanted) {
  const directory = makeFastDirectory()
  const below = (...names: string[]) => path.join(directory.path, ...names)
  const [ldap, plain, secure] = [await freePort(), await freePort(), await freePort()]
  const issuer = `https://localhost:${secure}`
  for (const name of ["ldap", "conf", "sessions/lock", "psessions/lock", "cache"])
    fs.mkdirSync(below(name), { recursive: true })
  fs.writeFileSync(below("slapd.conf"), slapdConf(directory.path))
  fs.writeFileSync(below("people.ldif"), ldifOf(people))
  await ended(spawn("/usr/sbin/slapadd", ["-f", below("slapd.conf"), "-l", below("people.ldif")]))
  const startDirectory = () =>
    run(SLAPD, ["-d", "0", "-f", below("slapd.conf"), "-h", `ldap://127.0.0.1:${ldap}`])
  let slapd = startDirectory()
  fs.writeFileSync(below("lemonldap-ng.ini"), iniOf(directory.path))
  const configuration = configurationOf({ appUrl, issuer, ldap, below })
  fs.writeFileSync(below("conf", "lmConf-1.json"), JSON.stringify(configuration))
  const startPortal = () =>
    run("starman", ["--listen", `127.0.0.1:${plain}`, "--workers", "3", PORTAL], {
      LLNG_DEFAULTCONFFILE: below("lemonldap-ng.ini"),
    })
  let portal = startPortal()
  // LemonLDAP::NG leaves TLS to a server in front of it, which is Node here.
  const proxy = createServer(
    { key: pem("localhost.key"), cert: pem("localhost") },
    (asked, answer) => {
      const { method, url, headers } = asked
      const onward = request({ port: plain, host: "127.0.0.1", method, path: url, headers })
      onward.on("response", (given) => {
        answer.writeHead(given.statusCode ?? 500, given.headers)
        given.pipe(answer)
      })
      onward.on("error", () => answer.writeHead(503).end())
      asked.pipe(onward)
    },
  ).listen(secure, "127.0.0.1")
  await untilAnswering(plain)
  return {
    issuer,
    async stopPortal() {
      await stop(portal)
    },
    async startPortal() {
      portal = startPortal()
      await untilAnswering(plain)
    },
    async stopDirectory() {
      await stop(slapd)
    },
    startDirectory() {
      slapd = startDirectory()
    },
    async close() {
      proxy.closeAllConnections()
      proxy.close()
      await stop(portal)
      await stop(slapd)
      directory.remove()
    },
  }
}

/** Runs a program that ends with this process. LEMONLDAP_LOG (`debug`) shows its output. */
const run = (program: string, args: string[], environment: Record<string, string> = {}) =>
  spawn("setpriv", ["--pdeathsig", "TERM", "--", program, ...args], {
    stdio: process.env.LEMONLDAP_LOG ? "inherit" : "ignore",
    env: { ...process.env, ...environment },
  })

async function ended(child: ChildProcess) {
  const [code] = await once(child, "exit")
  if (code !== 0) throw new Error(`${child.spawnfile} ended with ${code}`)
}

async function stop(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, "exit")
  child.kill("SIGTERM")
  await exit
}

async function untilAnswering(port: number) {
  const url = `http://127.0.0.1:${port}/.well-known/openid-configuration`
  for (let attempt = 0; attempt < 300; attempt++) {
    const answer = await fetch(url).catch(() => null)
    if (answer?.ok) return
    await sleep(100)
  }
  throw new Error("LemonLDAP::NG does not answer")
}

const slapdConf = (directory: string) => `
${["core", "cosine", "inetorgperson"].map((name) => `include /etc/ldap/schema/${name}.schema`).join("\n")}
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${directory}/slapd.pid
database mdb
suffix "dc=example,dc=org"
rootdn "cn=admin,dc=example,dc=org"
directory ${directory}/ldap
`

function ldifOf(people: Entry[]) {
  const groups = new Set(people.flatMap((person) => person.groups))
  const dnOf = ({ uid }: Entry) => `uid=${uid},ou=people,dc=example,dc=org`
  const entries = [
    ["dn: dc=example,dc=org", "objectClass: dcObject", "objectClass: organization", "o: Example"],
    ["dn: ou=people,dc=example,dc=org", "objectClass: organizationalUnit"],
    ["dn: ou=groups,dc=example,dc=org", "objectClass: organizationalUnit"],
    ...people.map((person) => [
      `dn: ${dnOf(person)}`,
      "objectClass: inetOrgPerson",
      `cn: ${person.name}`,
      `sn: ${person.name.split(" ").at(-1)}`,
      `mail: ${person.mail}`,
      `userPassword: ${person.password}`,
    ]),
    ...[...groups].map((group) => [
      `dn: cn=${group},ou=groups,dc=example,dc=org`,
      "objectClass: groupOfNames",
      ...people.filter((one) => one.groups.includes(group)).map((one) => `member: ${dnOf(one)}`),
    ]),
  ]
  return entries.map((lines) => lines.join("\n")).join("\n\n")
}

const iniOf = (directory: string) => `
[all]
logLevel = ${process.env.LEMONLDAP_LOG ?? "error"}
checkTime = 1
[configuration]
type = File
dirName = ${directory}/conf
localStorage = Cache::FileCache
localStorageOptions = { 'namespace' => 'configuration', 'cache_root' => '${directory}/cache' }
[portal]
staticPrefix = /static
templateDir = /usr/share/lemonldap-ng/portal/templates
languages = en
`

type Place = {
  appUrl: string
  issuer: string
  ldap: number
  below: (...names: string[]) => string
}

/** The configuration that an admin would enter in the Manager. */
function configurationOf({ appUrl, issuer, ldap, below }: Place) {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  const publicPem = publicKey.export({ type: "spki", format: "pem" }).toString()
  const storage = (name: string) => ({
    Directory: below(name),
    LockDirectory: below(name, "lock"),
    generateModule: "Lemonldap::NG::Common::Apache::Session::Generate::SHA256",
  })
  return {
    cfgNum: 1,
    cfgDate: Math.floor(Date.now() / 1000),
    portal: `${issuer}/`,
    domain: "localhost",
    cookieName: "lemonldap",
    securedCookie: 0,
    whatToTrace: "_user",
    locationRules: {},
    exportedHeaders: {},
    macros: { emailVerified: "1" },
    globalStorage: "Apache::Session::File",
    globalStorageOptions: storage("sessions"),
    persistentStorage: "Apache::Session::File",
    persistentStorageOptions: storage("psessions"),
    localSessionStorage: "Cache::FileCache",
    localSessionStorageOptions: { namespace: "sessions", cache_root: below("cache") },
    authentication: "LDAP",
    userDB: "Same",
    passwordDB: "Null",
    portalDisplayResetPassword: 0,
    portalDisplayRegister: 0,
    captcha_mail_enabled: 0,
    captcha_register_enabled: 0,
    ldapServer: `ldap://127.0.0.1:${ldap}`,
    ldapBase: "ou=people,dc=example,dc=org",
    ldapExportedVars: { uid: "uid", cn: "cn", mail: "mail" },
    ldapGroupBase: "ou=groups,dc=example,dc=org",
    ldapGroupObjectClass: "groupOfNames",
    ldapGroupAttributeName: "member",
    ldapGroupAttributeNameUser: "dn",
    ldapGroupAttributeNameSearch: "cn",
    issuerDBOpenIDConnectActivation: 1,
    issuerDBOpenIDConnectPath: "^/oauth2/",
    issuerDBOpenIDConnectRule: 1,
    oidcServiceMetaDataIssuer: issuer,
    oidcServicePrivateKeySig: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    oidcServicePublicKeySig: publicPem,
    oidcServiceKeyIdSig: createHash("sha256").update(publicPem).digest("hex").slice(0, 16),
    oidcServiceAllowAuthorizationCodeFlow: 1,
    oidcRPMetaDataExportedVars: {
      lapse: {
        email: "mail",
        email_verified: "emailVerified;bool",
        name: "cn",
        groups: "groups;string;always",
      },
    },
    oidcRPMetaDataOptionsExtraClaims: { lapse: { profile: "name groups" } },
    oidcRPMetaDataOptions: {
      lapse: {
        oidcRPMetaDataOptionsClientID: LEMONLDAP_CLIENT.id,
        oidcRPMetaDataOptionsClientSecret: LEMONLDAP_CLIENT.secret,
        oidcRPMetaDataOptionsRedirectUris: `${appUrl}/api/auth/callback/oidc`,
        oidcRPMetaDataOptionsPostLogoutRedirectUris: `${appUrl}/signed-out`,
        oidcRPMetaDataOptionsLogoutUrl: `${appUrl}/auth/oidc/logout`,
        oidcRPMetaDataOptionsLogoutType: "back",
        oidcRPMetaDataOptionsLogoutSessionRequired: 1,
        oidcRPMetaDataOptionsLogoutBypassConfirm: 1,
        oidcRPMetaDataOptionsBypassConsent: 1,
        oidcRPMetaDataOptionsIDTokenSignAlg: "RS256",
        oidcRPMetaDataOptionsIDTokenForceClaims: 1,
      },
    },
  }
}

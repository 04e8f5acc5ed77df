import "server-only"
import type { z } from "zod"
import {
  certificates,
  claimValue,
  clamdAddress,
  count,
  databaseUrl,
  emailAddress,
  endpoint,
  flag,
  issuer,
  list,
  longText,
  mailbox,
  names,
  networks,
  origin,
  port,
  scopes,
  secrets,
  signers,
  smtpServer,
  text,
} from "./parsers.ts"

export type Setting = {
  /** Its description in docs/configuration.md, README and .env.example. */
  about: string
  parse: z.ZodType
  /** The default, as an operator would write it. */
  default?: string
  /** Derives the value from other settings if it is not set. */
  follows?(settings: Followed): unknown
  /** Describes the behaviour without the setting, for docs/configuration.md and .env.example. */
  unset?: string
  /** The value that .env.example shows instead of the default. */
  example?: string
  /** Returns the end of the refusal, after the name of the setting. */
  refusal?(text: string, reason: string): string
  /** Whether the value may also be read from a file that `NAME_FILE` names. */
  secret?: true
}

type Followed = {
  APP_URL: string
  PORT: number
  LOCAL_S3_PORT: number
  S3_BUCKET?: string | undefined
  OIDC_ISSUER?: string | undefined
}

/** Every setting, as docs/configuration.md lists them. A default may follow from those above. */
export const SETTINGS = {
  APP_URL: {
    about:
      "Where people open Lapse. With a loopback address, only this machine can open it; set your LAN address or your domain to let others in.",
    parse: origin,
    follows: ({ PORT = 3000 }: { PORT?: number }) => `http://localhost:${PORT}`,
    unset: "`http://localhost:3000`",
    example: "http://localhost:3000",
    refusal: (text: string, reason: string) => `is "${text}": ${reason}.`,
  },
  HOST: {
    about: "The interface the server listens on.",
    parse: text,
    follows: ({ APP_URL }: Followed) => loopbackOf(APP_URL),
    unset: "loopback or all, as `APP_URL` says",
  },
  PORT: {
    about: "The port the server listens on.",
    parse: port,
    follows: ({ APP_URL }: Followed) => portOf(APP_URL) ?? 3000,
    unset: "the port of `APP_URL`",
    refusal: notAPort,
  },
  WEB_PROCESSES: {
    about: "How many processes serve that port, 1 to 8; `lapse start --web 2` sets it too.",
    parse: count(1, 8),
    default: "1",
    refusal: (text: string) =>
      `is "${text}": set it, or --web, to a number of processes from 1 to 8.`,
  },
  LAPSE_DATA_DIR: {
    about: "The data directory: database, objects and secrets of the embedded servers.",
    parse: text,
    default: "./data",
  },
  LOCAL_S3_PORT: {
    about: "The port of the embedded object store.",
    parse: port,
    follows: ({ PORT }: Followed) => PORT + 1,
    unset: "`PORT` + 1",
    example: "3001",
    refusal: notAPort,
  },
  LOCAL_S3_ACCESS_KEY_ID: {
    about: "The access key of the embedded object store.",
    parse: text,
    secret: true,
    unset: "generated into the data directory",
  },
  LOCAL_S3_SECRET_ACCESS_KEY: {
    about: "The secret of that key.",
    parse: text,
    secret: true,
    unset: "generated into the data directory",
  },

  DATABASE_URL: {
    about: "A PostgreSQL (14 or newer) of your own. With it, set AUTH_SECRET and LINK_SECRET too.",
    parse: databaseUrl,
    secret: true,
    unset: "embedded",
    example: "postgresql://lapse:password@db.example.org/lapse",
  },
  DATABASE_DIRECT_URL: {
    about: "Where migrations and jobs connect, past a pooler in transaction mode.",
    parse: databaseUrl,
    secret: true,
    unset: "`DATABASE_URL`",
  },

  S3_BUCKET: {
    about: "Your own bucket, on any S3-compatible store.",
    parse: text,
    unset: "embedded",
  },
  S3_REGION: {
    about: "The region of the bucket.",
    parse: text,
    default: "us-east-1",
  },
  S3_ENDPOINT: {
    about: "The address where the server calls the bucket.",
    parse: endpoint,
    unset: "AWS",
    example: "https://s3.example.org",
  },
  S3_PUBLIC_ENDPOINT: {
    about: "The address where browsers call the bucket, if it differs from the server's.",
    parse: endpoint,
    follows: ({ S3_BUCKET, APP_URL, LOCAL_S3_PORT }: Followed) =>
      S3_BUCKET === undefined ? withPort(APP_URL, LOCAL_S3_PORT) : undefined,
    unset: "`S3_ENDPOINT`, or for the embedded store `APP_URL` with its port",
    refusal: (text: string) =>
      `is "${text}": set it to the address where browsers find the object store, like https://files.example.com.`,
  },
  S3_FORCE_PATH_STYLE: {
    about: "Whether URLs have the bucket in the path instead of the host name.",
    parse: flag,
    unset: "on if S3_ENDPOINT is set",
  },
  // The AWS SDK reads these itself, like the rest of its credential chain.
  AWS_ACCESS_KEY_ID: {
    about: "The access key for that bucket.",
    parse: text,
    secret: true,
    unset: "another source that the AWS SDK knows",
  },
  AWS_SECRET_ACCESS_KEY: {
    about: "The secret of that key.",
    parse: text,
    secret: true,
    unset: "another source that the AWS SDK knows",
  },
  S3_SIGNERS: {
    about:
      "Keys that may only read objects of their colour, so that a cut off takes milliseconds: two or more, as `colour:keyId:secret`, separated by commas; a colon in a key's id is written as `%3A`.",
    parse: signers,
    secret: true,
    unset: "embedded store: three keys; otherwise none, and a cut off copies files",
    example: "amber:a-key:its-secret,blue:another-key:its-secret",
    refusal: (_text: string, reason: string) =>
      `${reason}: list two or more keys like amber:keyId:secret, separated by commas.`,
  },

  AUTH_SECRET: {
    about: "Signs sessions; at least 32 characters.",
    parse: longText(32),
    secret: true,
    unset: "generated into the data directory",
  },
  LINK_SECRET: {
    about:
      "Signs links and the audit log; at least 32 characters. Losing it breaks every link. It may list several, separated by commas: the first signs and all verify.",
    parse: secrets,
    secret: true,
    unset: "generated into the data directory",
  },

  ADMIN_EMAIL: {
    about: "Creates the first admin at startup, instead of the setup page.",
    parse: emailAddress,
    unset: "none",
  },
  ADMIN_PASSWORD: {
    about: "The password of that admin; at least 10 characters.",
    parse: longText(10).max(200),
    secret: true,
    unset: "none",
  },

  MINT_TTL_SECONDS: {
    about: "How long a download link issued by a click works, 15 to 300 seconds.",
    parse: count(15, 300),
    default: "60",
  },
  DEFAULT_QUOTA_BYTES: {
    about: "The storage limit of each member. A deleted file counts for up to 15 minutes more.",
    parse: count(0),
    unset: "no limit",
  },

  AUDIT_ADDRESSES: {
    about:
      "Whether the audit log stores members' IP addresses in plain text instead of as a keyed hash: on or off.",
    parse: flag,
    default: "off",
  },

  BACKUP_DIR: {
    about:
      "A directory for daily backups of what is in the data directory, best on another disk. Backups of a database or a bucket of your own are made with their own tools.",
    parse: text,
    unset: "no daily backups",
    example: "/mnt/backups",
  },
  BACKUP_KEEP: {
    about: "How many daily backups are kept, 1 to 1000.",
    parse: count(1, 1000),
    default: "7",
  },

  SMTP_URL: {
    about:
      "The mail server: `smtp://user:password@host` (STARTTLS is required), `smtps://` (TLS from the start) or `smtp+plain://` (not encrypted, for a server on this machine or a network you trust). With it, set MAIL_FROM too.",
    parse: smtpServer,
    secret: true,
    unset: "no mail: pages offer links to copy",
    example: "smtp://lapse:password@mail.example.org",
    refusal: () =>
      "cannot be used: set it to an address like smtp://user:password@mail.example.org:587, with smtp:, smtps: or smtp+plain: and nothing after the port. Write / as %2F, @ as %40 and : as %3A in the user and the password.",
  },
  MAIL_FROM: {
    about: "The sender of Lapse’s mail, such as `Lapse <lapse@example.org>`.",
    parse: mailbox,
    unset: "no mail",
    example: "Lapse <lapse@example.org>",
  },

  CLAMD_ADDRESS: {
    about:
      "Where ClamAV’s `clamd` listens: `host:port`, or the path of its socket. With it, every file is scanned for malware before anybody can read it; docs/requests.md has the rest.",
    parse: clamdAddress,
    unset: "files are not scanned",
    example: "127.0.0.1:3310",
    refusal: (text: string) =>
      `is "${text}": set it to a host and a port like 127.0.0.1:3310, or to the path of a socket.`,
  },

  OIDC_ISSUER: {
    about:
      "The identity provider that members sign in with (OpenID Connect): its issuer, exactly as its discovery document says it. With it, set OIDC_CLIENT_ID and OIDC_CLIENT_SECRET too. docs/services/sign-in.md has the fields of Keycloak, Authentik, Entra ID, Google and LemonLDAP::NG.",
    parse: issuer,
    unset: "members sign in with passwords",
    example: "https://login.example.org/realms/staff",
    refusal: (text: string, reason: string) => `is "${text}": ${reason}.`,
  },
  OIDC_CLIENT_ID: {
    about: "The client that you made for Lapse at the provider.",
    parse: text,
    unset: "none",
    example: "lapse",
  },
  OIDC_CLIENT_SECRET: {
    about: "The secret of that client.",
    parse: text,
    secret: true,
    unset: "none",
  },
  OIDC_NAME: {
    about: "What pages call the provider, as in “Sign in with Example”.",
    parse: text.max(60),
    follows: ({ OIDC_ISSUER }: Followed) => OIDC_ISSUER && new URL(OIDC_ISSUER).hostname,
    unset: "the host of `OIDC_ISSUER`",
    example: "Example",
  },
  OIDC_SCOPES: {
    about: "The scopes that Lapse asks for, separated by spaces.",
    parse: scopes,
    default: "openid email profile",
    refusal: (text: string) => `is "${text}": name openid, and email with it.`,
  },
  OIDC_ALLOWED_DOMAINS: {
    about:
      "Email domains, separated by commas: anyone who signs in with a verified address of one of them gets an account, and keeps it as long as this holds at each sign-in.",
    parse: list.transform((all) => all.map((domain) => domain.toLowerCase().replace(/^@/, ""))),
    default: "",
    unset: "none: only members and invited people can sign in",
    example: "example.org",
  },
  OIDC_ALLOWED_GROUPS: {
    about:
      "Groups, separated by commas, as the claim `groups` names them: anyone in one of them gets an account. With OIDC_ALLOWED_DOMAINS, either is enough. Accounts made so are asked again at each sign-in.",
    parse: names,
    default: "",
    unset: "none: only members and invited people can sign in",
    example: "lapse-users",
  },
  OIDC_ADMIN_CLAIM: {
    about:
      "The claim that makes admins, as `claim=value`, or `claim` alone for one that is true. The role then follows the provider at each sign-in, and a new installation lets in its first admin by it.",
    parse: claimValue,
    unset: "roles are given in Lapse",
    example: "groups=lapse-admins",
    refusal: (text: string) => `is "${text}": set it to a claim and its value, like groups=admins.`,
  },
  OIDC_AUDITOR_CLAIM: {
    about:
      "The claim that makes auditors, who read what admins read and change nothing, written like OIDC_ADMIN_CLAIM, which it needs.",
    parse: claimValue,
    unset: "auditors are made in Lapse, or none with OIDC_ADMIN_CLAIM",
    example: "groups=lapse-auditors",
    refusal: (text: string) => `is "${text}": set it to a claim and its value, like groups=audit.`,
  },
  OIDC_TRUST_EMAIL: {
    about:
      "Whether an address counts as verified if the provider doesn’t say (Entra ID doesn’t): on or off. Turn it on only if nobody can choose their own address there, because an address links accounts.",
    parse: flag,
    default: "off",
  },
  OIDC_SESSION_HOURS: {
    about:
      "How long a session that the provider started lasts where no logout of the provider ends it, 1 to 720 hours.",
    parse: count(1, 720),
    default: "12",
  },
  PASSWORD_SIGN_IN: {
    about:
      "Whether members can sign in with passwords, on or off. Off needs OIDC_ISSUER; the sign-in page then leads straight to the provider.",
    parse: flag,
    default: "on",
  },

  CA_FILE: {
    about:
      "A PEM file with the certificates of your own authorities, which Lapse trusts in addition to the usual ones where it connects by TLS itself: the identity provider, the mail server, the store. It is read at the start. For a database of your own, name the file in DATABASE_URL (`sslrootcert`).",
    parse: certificates,
    unset: "the usual authorities",
  },
  TRUSTED_PROXIES: {
    about:
      "Addresses or ranges of your reverse proxies: X-Forwarded-For is trusted only from them.",
    parse: networks,
    default: "",
    unset: "none",
    example: "127.0.0.1, 10.0.0.0/8",
    refusal: (_text: string, reason: string) =>
      `${reason}: list addresses or networks like 10.0.0.0/8, separated by commas.`,
  },
  METRICS_TOKEN: {
    about: "The Bearer token that /metrics asks for; at least 16 characters.",
    parse: longText(16),
    secret: true,
    unset: "only this machine reads `/metrics`",
  },
} satisfies Record<string, Setting>

type SettingName = keyof typeof SETTINGS

export type Environment = { [Name in SettingName]?: string | undefined }

type Value<Name extends SettingName> = z.output<(typeof SETTINGS)[Name]["parse"]>

type Default<Name extends SettingName> = (typeof SETTINGS)[Name] extends { default: string }
  ? Value<Name>
  : (typeof SETTINGS)[Name] extends { follows(...settings: never): infer Follows }
    ? Follows
    : undefined

const byAdmins = (page: string, unset: string) =>
  `admins choose it under Admin, Settings, ${page}, and until they do ${unset}`

/** Settings of earlier versions, and what holds in place of each. */
export const REMOVED: Record<string, string> = {
  BACKUP_AT: "daily backups are made at 03:00 in the time zone of the machine",
  DISK_RESERVE_BYTES: "5 % of the disk stay free, at least 128 MiB and at most 1 GiB",
  LOCAL_S3_HOST: "the embedded object store listens where HOST says",
  SMTP_CA_FILE: "CA_FILE names the authorities of the mail server too: set it to the same file",
  AUDIT_DAYS: byAdmins("People", "entries are kept forever"),
  MAX_FILE_BYTES: byAdmins("Files", "files have up to 5 TiB"),
  MAX_SHARE_DAYS: byAdmins("Sharing", "shares may stay open for any time"),
  TICKET_HOURS: "a counted download can be retried for 24 hours",
  SCAN: "files are scanned where CLAMD_ADDRESS is set, and only there",
  SCAN_MAX_BYTES: "clamd’s own limits hold",
  UPLOAD_IDLE_HOURS: "an idle upload is given up after 72 hours",
}

type Certain = {
  [Name in SettingName]: undefined extends Default<Name> ? never : Name
}[SettingName]

/** The settings as the operator gave them, with defaults; embedded parts are undefined. */
export type Configuration = { [Name in Certain]: Value<Name> } & {
  [Name in Exclude<SettingName, Certain>]?: Value<Name> | undefined
}

type Rule = {
  names: SettingName[]
  /** Returns the refusal, or false if the settings satisfy the rule. */
  refusal(settings: Configuration): string | false
}

export const RULES: Rule[] = [
  {
    names: ["PORT", "LOCAL_S3_PORT"],
    refusal: ({ PORT, LOCAL_S3_PORT, S3_BUCKET }) =>
      S3_BUCKET === undefined &&
      PORT === LOCAL_S3_PORT &&
      `LOCAL_S3_PORT and PORT are both ${PORT}: give the object store its own port.`,
  },
  {
    names: ["DATABASE_URL", "AUTH_SECRET"],
    refusal: (settings) => lacksSecret(settings, "AUTH_SECRET"),
  },
  {
    names: ["DATABASE_URL", "LINK_SECRET"],
    refusal: (settings) => lacksSecret(settings, "LINK_SECRET"),
  },
  {
    names: ["APP_URL", "S3_PUBLIC_ENDPOINT"],
    refusal: ({ APP_URL, S3_PUBLIC_ENDPOINT }) =>
      APP_URL.startsWith("https:") &&
      S3_PUBLIC_ENDPOINT?.startsWith("http:") === true &&
      "APP_URL is https and S3_PUBLIC_ENDPOINT is http, which browsers refuse: give the object store an https address too and set S3_PUBLIC_ENDPOINT to it.",
  },
  {
    names: ["SMTP_URL", "MAIL_FROM"],
    refusal: ({ SMTP_URL, MAIL_FROM }) =>
      SMTP_URL !== undefined &&
      MAIL_FROM === undefined &&
      "SMTP_URL is set and MAIL_FROM is not: set MAIL_FROM to the sender of Lapse’s mail, like Lapse <lapse@example.org>.",
  },
  {
    names: ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"],
    refusal: ({ OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET }) =>
      OIDC_ISSUER !== undefined &&
      (OIDC_CLIENT_ID === undefined || OIDC_CLIENT_SECRET === undefined) &&
      "OIDC_ISSUER is set and its client is not: set OIDC_CLIENT_ID and OIDC_CLIENT_SECRET to the client that you made for Lapse at the provider.",
  },
  {
    names: ["OIDC_ADMIN_CLAIM", "OIDC_AUDITOR_CLAIM"],
    refusal: ({ OIDC_ADMIN_CLAIM, OIDC_AUDITOR_CLAIM }) =>
      OIDC_AUDITOR_CLAIM !== undefined &&
      OIDC_ADMIN_CLAIM === undefined &&
      "OIDC_AUDITOR_CLAIM is set and OIDC_ADMIN_CLAIM is not: set both, so that every role follows the provider.",
  },
  {
    names: ["OIDC_ISSUER", "PASSWORD_SIGN_IN"],
    refusal: ({ OIDC_ISSUER, PASSWORD_SIGN_IN }) =>
      !PASSWORD_SIGN_IN &&
      OIDC_ISSUER === undefined &&
      "PASSWORD_SIGN_IN is off and OIDC_ISSUER is not set, so nobody could sign in: set OIDC_ISSUER, or unset PASSWORD_SIGN_IN.",
  },
  {
    names: ["ADMIN_EMAIL", "ADMIN_PASSWORD"],
    refusal: ({ ADMIN_EMAIL, ADMIN_PASSWORD }) =>
      (ADMIN_EMAIL === undefined) !== (ADMIN_PASSWORD === undefined) &&
      "ADMIN_EMAIL cannot be used (needs ADMIN_PASSWORD beside it: set both or neither): correct it, or unset it.",
  },
]

/** Returns the refusal if DATABASE_URL is set without a secret that its processes must share. */
function lacksSecret(settings: Configuration, name: "AUTH_SECRET" | "LINK_SECRET") {
  return (
    settings.DATABASE_URL !== undefined &&
    settings[name] === undefined &&
    `DATABASE_URL is set and ${name} is not: set ${name} to at least 32 random characters, the same for every process on this database (for example from \`openssl rand -base64 32\`).`
  )
}

function notAPort(text: string) {
  return `is "${text}": set it to a port number from 1 to 65535.`
}

/** The address to bind when only this machine may connect. */
function loopbackOf(appUrl: string) {
  const { hostname } = new URL(appUrl)
  if (hostname === "[::1]") return "::1"
  if (hostname === "localhost" || hostname.endsWith(".localhost")) return "127.0.0.1"
  return /^127\.\d+\.\d+\.\d+$/.test(hostname) ? hostname : undefined
}

function portOf(appUrl: string) {
  const { protocol, port } = new URL(appUrl)
  return protocol === "http:" && port !== "" ? Number(port) : undefined
}

function withPort(address: string, port: number) {
  const url = new URL(address)
  url.port = String(port)
  return url.origin
}

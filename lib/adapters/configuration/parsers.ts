import "server-only"
import { X509Certificate } from "node:crypto"
import { readFileSync } from "node:fs"
import ipaddr from "ipaddr.js"
import { z } from "zod"
import { isLoopback } from "#lib/adapters/http/is-loopback.ts"
import { hasHidden } from "#lib/adapters/text/hidden-characters.ts"

// Parsers that turn the text of a setting into a value. A parser's message about a wrong text
// becomes part of the refusal (lib/adapters/configuration/table.ts).

export const text = z.string()

export const longText = (characters: number) =>
  text.min(characters, `needs at least ${characters} characters`)

export const count = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z.coerce.number().int().min(min).max(max)

export const port = count(1, 65_535)

export const flag = z.stringbool()

export const list = text.transform((all) => all.split(/[\s,]+/).filter(Boolean))

/** Parses a comma-separated list of names, which may contain spaces. */
export const names = text.transform((all) =>
  all
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean),
)

/** Where a server listens: on a port, or at a socket's path. */
export type ListenAddress = { host: string; port: number } | { path: string }

/** Parses `host:port`, or a path. An IPv6 address is in brackets. */
export const clamdAddress = text
  .regex(/^(\/.+|\[[\da-fA-F:.]+\]:\d{1,5}|[^\s:/[\]]+:\d{1,5})$/)
  .transform((written): ListenAddress => {
    if (written.startsWith("/")) return { path: written }
    const at = written.lastIndexOf(":")
    const host = written.slice(0, at).replace(/^\[|\]$/g, "")
    return { host, port: Number(written.slice(at + 1)) }
  })

/** The scopes of OpenID Connect, which begin with `openid`. */
export const scopes = text
  .transform((all) => all.split(/[\s,]+/).filter(Boolean))
  .refine((all) => all.includes("openid"))
  .transform((all) => all.join(" "))

/** A claim that a member must have, and its value; `true` means the boolean. */
export type ClaimValue = { claim: string; value: string | true }

/** Parses a claim from `claim=value`, or from `claim` for one that is true. */
export const claimValue = text.regex(/^[^\s=]+(=.+)?$/).transform((written): ClaimValue => {
  const [claim = "", ...value] = written.split("=")
  return { claim, value: value.length > 0 ? value.join("=").trim() : true }
})

/** An identity provider's issuer, exactly as written: https, or http on this machine. */
export const issuer = text.refine(isIssuer, {
  error: "set it to the https address that the provider’s discovery document names as its issuer",
})

function isIssuer(address: string) {
  const url = URL.parse(address)
  if (!url || url.search || url.hash || url.username) return false
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))
}

export const secrets = list.refine(
  (all) => all.length > 0 && all.every((secret) => secret.length >= 32),
  "needs at least 32 characters each",
)

/** A key that may only read the objects of its colour. */
export type Signer = { colour: string; accessKeyId: string; secretAccessKey: string }

const SIGNER = /^([a-z]{1,20}):([^:]+):(.+)$/

/** Parses at least two signers, `colour:keyId:secret`. A colon in a key's id is written as %3A. */
export const signers = list.transform((entries, context): Signer[] => {
  const found = entries.map(signerOf)
  const wrong = found.indexOf(null)
  const known = found.filter((signer) => signer !== null)
  const refuse = (message: string) => context.addIssue({ code: "custom", message })
  if (wrong >= 0) refuse(`entry ${wrong + 1} is not colour:keyId:secret with a colour of a to z`)
  else if (known.length < 2) refuse("needs signers of two colours or more")
  else if (!areDistinct(known.map(({ colour }) => colour))) refuse("names a colour twice")
  else if (!areDistinct(known.map(({ accessKeyId }) => accessKeyId))) refuse("names a key twice")
  return known
})

function signerOf(entry: string): Signer | null {
  const [, colour, accessKeyId, secretAccessKey] = SIGNER.exec(entry) ?? []
  if (!colour || !accessKeyId || !secretAccessKey) return null
  return { colour, accessKeyId: accessKeyId.replaceAll(/%3a/gi, ":"), secretAccessKey }
}

const areDistinct = (names: string[]) => new Set(names).size === names.length

const wrongLetter = (text: string) => {
  const [character] = /[^\0-\x7f]/u.exec(text) ?? []
  return character ? `, and no address has “${character}”` : ""
}

export const emailAddress = text
  .trim()
  .toLowerCase()
  .pipe(
    z
      .email({ error: ({ input }) => `must be an email address${wrongLetter(String(input))}` })
      .max(254),
  )

export const databaseUrl = text.regex(/^postgres(ql)?:\/\//, "must start with postgresql://")

/** An http or https address without a trailing slash. */
export const endpoint = z
  .url({ protocol: /^https?$/ })
  .transform((address) => address.replace(/\/+$/, ""))

/** The origin of an http or https address without a path, query or user name. */
export const origin = text
  .refine(isWebAddress, {
    error: "set it to the address people will open, like https://share.example.com",
    abort: true,
  })
  .refine(isOrigin, {
    error: ({ input }) =>
      `it must be a scheme, a host and perhaps a port, like ${new URL(String(input)).origin}`,
    abort: true,
  })
  .transform((address) => new URL(address).origin)

function isWebAddress(address: string) {
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)
}

function isOrigin(address: string) {
  const { pathname, search, hash, username } = new URL(address)
  return pathname === "/" && !search && !hash && !username
}

type Network = ReturnType<typeof ipaddr.parseCIDR>

/** Addresses and ranges in CIDR notation. */
export const networks = list.transform((entries, context): Network[] => {
  const found = entries.map(networkOf)
  const wrong = found.indexOf(null)
  if (wrong >= 0) context.addIssue({ code: "custom", message: `holds "${entries[wrong]}"` })
  return found.filter((network) => network !== null)
})

function networkOf(entry: string): Network | null {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry)
  if (!ipaddr.isValid(entry)) return null
  const address = ipaddr.process(entry)
  return ipaddr.parseCIDR(`${address}/${address.kind() === "ipv4" ? 32 : 128}`)
}

export type SmtpServer = {
  host: string
  port: number
  security: "starttls" | "tls" | "none"
  user: string | null
  password: string
}

const SMTP_SCHEMES: Record<string, Pick<SmtpServer, "security" | "port">> = {
  "smtp:": { security: "starttls", port: 587 },
  "smtps:": { security: "tls", port: 465 },
  "smtp+plain:": { security: "none", port: 25 },
}

/** Parses a mail server from `scheme://user:password@host:port`. */
export const smtpServer = text.transform((address, context): SmtpServer => {
  const url = URL.parse(address)
  const scheme = SMTP_SCHEMES[url?.protocol ?? ""]
  const isBare = url !== null && /^\/?$/.test(url.pathname) && !url.search && !url.hash
  if (!url?.hostname || !scheme || !isBare) {
    context.addIssue({ code: "custom", message: "it is not the address of a mail server" })
    return z.NEVER
  }
  try {
    return {
      ...scheme,
      host: url.hostname.replace(/^\[|\]$/g, ""),
      ...(url.port && { port: Number(url.port) }),
      user: url.username ? decodeURIComponent(url.username) : null,
      password: decodeURIComponent(url.password),
    }
  } catch {
    context.addIssue({ code: "custom", message: "it has a % that stands for no character" })
    return z.NEVER
  }
})

/** An address with the name that mail programs show; the name may be null. */
export type Mailbox = { name: string | null; address: string }

const MAILBOX = /^(?:"?([^"<>]*?)"?\s*<([^<>]+)>|([^<>]+))$/

/** Parses a mailbox from `Name <name@example.org>` or only an address. */
export const mailbox = text.trim().transform((written, context): Mailbox => {
  const [, name = "", inBrackets, alone] = MAILBOX.exec(written) ?? []
  const typed = inBrackets ?? alone ?? ""
  const address = emailAddress.safeParse(typed)
  if (address.success && !hasHidden(name)) return { name: name || null, address: address.data }
  const message = `must be like Lapse <lapse@example.org>${wrongLetter(typed)}`
  context.addIssue({ code: "custom", message })
  return z.NEVER
})

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Reads the certificates in a PEM file from its path. */
export const certificates = text.transform((path, context): string[] => {
  const refuse = (message: string) => {
    context.addIssue({ code: "custom", message: `${path} ${message}` })
    return z.NEVER
  }
  try {
    const found = readFileSync(path, "utf8").match(PEM) ?? []
    if (found.length === 0) return refuse("holds no certificate in PEM form")
    return areReadable(found) ? found : refuse("holds a certificate that cannot be read")
  } catch {
    return refuse("cannot be read")
  }
})

function areReadable(pems: string[]) {
  try {
    return pems.map((pem) => new X509Certificate(pem)).length > 0
  } catch {
    return false
  }
}

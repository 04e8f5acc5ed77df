import path from "node:path"
import ipaddr from "ipaddr.js"
import { sentence } from "./setup-error.ts"

export type Settings = {
  appUrl: URL
  host: string | undefined
  port: number
  dataDirectory: string
  embedsDatabase: boolean
  embedsStore: boolean
  storeHost: string | undefined
  storePort: number
  /** Where browsers find the embedded store. */
  publicStore: URL
  trustedProxies: ReturnType<typeof ipaddr.parseCIDR>[]
}

type Environment = Record<string, string | undefined>

/**
 * What must be known before `lib/` can be loaded: what is embedded, what listens where, where data
 * lives. Refuses, with a sentence that names the setting, what cannot work.
 */
export function readSettings(environment: Environment): Settings {
  // Compose files pass an unset variable as an empty string.
  const get = (name: string) => environment[name] || undefined
  const named = get("APP_URL")
  const port = readPort("PORT", get("PORT")) ?? portOf(named) ?? 3000
  const appUrl = readAppUrl(named ?? `http://localhost:${port}`)
  const storePort = readPort("LOCAL_S3_PORT", get("LOCAL_S3_PORT")) ?? port + 1
  const loopback = loopbackOf(appUrl)
  const embedsDatabase = get("DATABASE_URL") === undefined
  const embedsStore = get("S3_BUCKET") === undefined

  if (storePort === port && embedsStore) {
    throw sentence(`LOCAL_S3_PORT and PORT are both ${port}: give the object store its own port.`)
  }
  if (!embedsDatabase) {
    for (const name of ["AUTH_SECRET", "LINK_SECRET"]) {
      if (get(name)) continue
      throw sentence(
        `DATABASE_URL is set and ${name} is not: set ${name} to at least 32 random characters, the same for every process on this database (for example from \`openssl rand -base64 32\`).`,
      )
    }
  }
  const publicStore = readPublicStore(get("S3_PUBLIC_ENDPOINT"), appUrl, storePort)
  return {
    appUrl,
    host: get("HOST") ?? loopback,
    port,
    dataDirectory: path.resolve(get("LAPSE_DATA_DIR") ?? "./data"),
    embedsDatabase,
    embedsStore,
    storeHost: get("LOCAL_S3_HOST") ?? loopback,
    storePort,
    publicStore,
    trustedProxies: readProxies(get("TRUSTED_PROXIES")),
  }
}

function readPort(name: string, text: string | undefined) {
  if (text === undefined) return undefined
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw sentence(`${name} is "${text}": set it to a port number from 1 to 65535.`)
}

function portOf(appUrl: string | undefined) {
  if (!appUrl || !URL.canParse(appUrl)) return undefined
  const { protocol, port } = new URL(appUrl)
  return protocol === "http:" && port !== "" ? Number(port) : undefined
}

function readAppUrl(text: string) {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw sentence(
      `APP_URL is "${text}": set it to the address people will open, like https://share.example.com.`,
    )
  }
  if (url.pathname !== "/" || url.search || url.hash || url.username) {
    throw sentence(
      `APP_URL is "${text}": it must be a scheme, a host and perhaps a port, like ${url.origin}.`,
    )
  }
  return url
}

function readPublicStore(named: string | undefined, appUrl: URL, storePort: number) {
  if (named === undefined) {
    const url = new URL(appUrl.origin)
    url.port = String(storePort)
    return url
  }
  if (!URL.canParse(named) || !/^https?:$/.test(new URL(named).protocol)) {
    throw sentence(
      `S3_PUBLIC_ENDPOINT is "${named}": set it to the address where browsers find the object store, like https://files.example.com.`,
    )
  }
  const url = new URL(named)
  if (appUrl.protocol === "https:" && url.protocol === "http:") {
    throw sentence(
      `APP_URL is https and S3_PUBLIC_ENDPOINT is http, which browsers refuse: give the object store an https address too and set S3_PUBLIC_ENDPOINT to it.`,
    )
  }
  return url
}

/** The address to bind when only this machine may come in. */
function loopbackOf({ hostname }: URL) {
  if (hostname === "[::1]") return "::1"
  if (hostname === "localhost" || hostname.endsWith(".localhost")) return "127.0.0.1"
  return /^127\.\d+\.\d+\.\d+$/.test(hostname) ? hostname : undefined
}

function readProxies(text = "") {
  return text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((entry) => {
      if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry)
      if (ipaddr.isValid(entry)) {
        const address = ipaddr.process(entry)
        return ipaddr.parseCIDR(`${address}/${address.kind() === "ipv4" ? 32 : 128}`)
      }
      throw sentence(
        `TRUSTED_PROXIES holds "${entry}": list addresses or networks like 10.0.0.0/8, separated by commas.`,
      )
    })
}

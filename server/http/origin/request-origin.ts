import type { IncomingMessage } from "node:http"
import type { ServerConfiguration } from "#server/configuration/derive-configuration.ts"
import { findClientAddress, isForwarded, isLoopback, isTrusted } from "./find-client-address.ts"
import { watchUnknownProxies } from "./unknown-proxies.ts"

/** Matches headers about a request that only this server and trusted proxies may set. */
const NOT_FROM_CLIENTS =
  /^(x-forwarded-|x-middleware-|x-nextjs-|x-next-|x-invoke-|x-lapse-|content-security-policy|x-now-route-matches$|x-matched-path$|next-resume$|x-prerender-revalidate|forwarded$|x-real-ip$)/
// Headers that Next's own client sends in development.
const NEXT_DEVELOPMENT = /^x-nextjs-(html-)?request-id$/

export type RequestOrigin = {
  /** The requested host; undefined if it is not valid. */
  host: string | undefined
  client: string
  /** Whether the request comes from this machine and not through a proxy. */
  isLocal: boolean
}

type Incoming = Pick<IncomingMessage, "headers" | "url"> & {
  socket: { remoteAddress?: string | undefined }
}

type Settings = Pick<ServerConfiguration, "appUrl" | "trustedProxies">

/** Creates a function that finds a request's client and host, and removes forgeable headers. */
export function createOriginReader(
  { appUrl, trustedProxies }: Settings,
  { dev }: { dev: boolean },
) {
  const onUnknownProxy = watchUnknownProxies()

  return ({ headers, socket, url = "/" }: Incoming): RequestOrigin => {
    const peer = socket.remoteAddress
    const viaProxy = isTrusted(peer ?? "", trustedProxies)
    const forwardedHere = isForwarded(headers)
    if (forwardedHere && !viaProxy) onUnknownProxy(peer)
    const host = hostOf((viaProxy && one(headers["x-forwarded-host"])) || headers.host, appUrl)
    const client = findClientAddress(peer, one(headers["x-forwarded-for"], ","), trustedProxies)
    for (const name of Object.keys(headers)) {
      if (NOT_FROM_CLIENTS.test(name) && !(dev && NEXT_DEVELOPMENT.test(name))) delete headers[name]
    }
    headers.host = appUrl.host
    headers["x-forwarded-host"] = appUrl.host
    headers["x-forwarded-proto"] = appUrl.protocol.slice(0, -1)
    headers["x-forwarded-port"] = appUrl.port || (appUrl.protocol === "https:" ? "443" : "80")
    headers["x-forwarded-for"] = client
    headers["x-lapse-client-address"] = client
    headers["x-lapse-path"] = url // a page cannot read its own address
    return { host, client, isLocal: isLoopback(peer) && !forwardedHere }
  }
}

function hostOf(host: string | undefined, appUrl: URL) {
  if (host === appUrl.host) return host
  const url = `${appUrl.protocol}//${host}`
  return host && URL.canParse(url) ? new URL(url).host : undefined
}

function one(header: string | string[] | undefined, separator?: ",") {
  if (!Array.isArray(header)) return header
  return separator ? header.join(separator) : header[0]
}

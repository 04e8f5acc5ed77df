import { createVisitor } from "#visitor/answer.ts"
import type { Answer } from "#visitor/exchange.ts"
import { STORE_ORIGIN, VISITOR_ASSETS } from "./visitor-assets.ts"

const answer = createVisitor(VISITOR_ASSETS)

export const CHROME =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"

const PERSON = { "user-agent": CHROME, accept: "text/html,*/*;q=0.8", "sec-fetch-dest": "document" }

type Asked = { method?: string; headers?: Record<string, string>; body?: string }

/** A client of a visitor's addresses, without a network. It keeps its cookies. */
export function aVisitor({
  headers = PERSON,
  address = "192.0.2.7",
}: {
  headers?: Record<string, string>
  address?: string
} = {}) {
  const jar = new Map<string, string>()
  const go = async (path: string, { method = "GET", body = "", ...init }: Asked = {}) => {
    const url = new URL(path, "http://localhost")
    const cookie = [...jar].map((pair) => pair.join("=")).join("; ")
    const sent: Record<string, string> = { ...headers, cookie, ...init.headers }
    const answered = await answer({
      method,
      path: url.pathname,
      query: url.searchParams,
      header: (name) => sent[name] || undefined,
      clientAddress: address,
      nonce: "nonce",
      readBody: async () => body,
      isGone: () => false,
      storeOrigin: STORE_ORIGIN,
    })
    for (const [name, value] of answered.headers) if (name === "Set-Cookie") keep(jar, value)
    return { ...answered, location: headerOf(answered, "Location") }
  }
  const post = (path: string, init: Asked = {}) => go(path, { method: "POST", ...init })
  return { go, post, jar }
}

function keep(jar: Map<string, string>, cookie: string) {
  const [, name = "", value = "", rest = ""] = /^([^=]+)=([^;]*);(.*)$/.exec(cookie) ?? []
  if (/Max-Age=0\b/.test(rest)) jar.delete(name)
  else jar.set(name, value)
}

const headerOf = ({ headers }: Answer, name: string) =>
  headers.find(([each]) => each === name)?.[1] ?? null

/** Whether an answer leads to the bytes in the store. */
export const leadsToStore = (answered: { location: string | null }) =>
  answered.location?.includes("X-Amz-Signature=") ?? false

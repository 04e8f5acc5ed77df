import { VISITORS, type VisitorKind } from "#testing/link-answers/link-situations.ts"
import { createVisitor } from "#visitor/answer.ts"
import type { Answer } from "#visitor/exchange.ts"
import { STORE_ORIGIN, VISITOR_ASSETS } from "./visitor-assets.ts"

/** The handler for everything below /s/, without its assets. */
const visitor = createVisitor(VISITOR_ASSETS)

type Asked = {
  method: string
  path: string
  by: VisitorKind
  headers?: Record<string, string>
  body?: string
  /** The client's address; by default one that was not used before. */
  address?: string
}

/** Sends one request and returns its answer, without a server. */
export function askVisitor({ method, path, by, headers = {}, body = "", address }: Asked) {
  const sent: Record<string, string> = { ...VISITORS[by], ...headers }
  const url = new URL(path, "http://lapse")
  return visitor({
    method,
    path: url.pathname,
    query: url.searchParams,
    nonce: "nonce",
    clientAddress: address ?? newAddress(),
    header: (name) => sent[name],
    readBody: async () => body,
    isGone: () => false,
    storeOrigin: STORE_ORIGIN,
  })
}

let addresses = 0
function newAddress() {
  addresses += 1
  return [10, addresses >> 16, addresses >> 8, addresses].map((part) => part & 255).join(".")
}

export type ClientAsk = Omit<Partial<Asked>, "method" | "path"> & {
  /** Whether the answer is lost, and its cookies with it. */
  loses?: boolean
}

/** A client with a new address that keeps its cookies. */
export function aClient() {
  const jar = new Map<string, string>()
  const address = newAddress()
  const send = async (method: string, path: string, ask: ClientAsk = {}): Promise<Answer> => {
    const { by = "person", loses = false, headers, ...rest } = ask
    const cookie = [...jar].map((pair) => pair.join("=")).join("; ")
    const asked = { method, path, by, headers: { cookie, ...headers }, address, ...rest }
    const answer = await askVisitor(asked)
    if (!loses) keepCookies(jar, answer)
    return answer
  }
  return { send, jar }
}

function keepCookies(jar: Map<string, string>, { headers }: Answer) {
  for (const [name, cookie] of headers) {
    if (name !== "Set-Cookie") continue
    const [, key = "", value = "", rest = ""] = /^([^=]+)=([^;]*);(.*)$/.exec(cookie) ?? []
    if (/Max-Age=0\b/.test(rest)) jar.delete(key)
    else jar.set(key, value)
  }
}

export const headerOf = ({ headers }: Answer, name: string) =>
  headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1] ?? null

export const isSigned = (answer: Answer) =>
  (headerOf(answer, "location") ?? "").includes("X-Amz-Signature=")

/** The headers that a browser sends with a form. */
export const FORM = { "content-type": "application/x-www-form-urlencoded" }

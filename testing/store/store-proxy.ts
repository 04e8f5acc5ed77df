import { createServer, request as forward, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { configuration } from "#lib/adapters/configuration.ts"
import { withStoreAt } from "#testing/with-outage.ts"

/**
 * The result of a request: it is forwarded, its answer is lost, it is held until `release`, or it
 * is refused with an S3 error.
 */
export type Fate = "forwarded" | "unanswered" | "held" | { status: number; code: string }

export type StoreProxy = {
  /** Forwards the held requests to the store, and returns the statuses of its answers. */
  release(): Promise<number[]>
}

/** Runs `work` while the app's own requests pass a proxy that decides the result of each. */
export async function throughStoreProxy<Result>(
  fateOf: (request: IncomingMessage) => Fate | Promise<Fate>,
  work: (proxy: StoreProxy) => Promise<Result>,
): Promise<Result> {
  const store = new URL(configuration.S3_ENDPOINT ?? "")
  const held: (() => Promise<number>)[] = []
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const send = () => sendOn(store, incoming, Buffer.concat(chunks))
    const fate = await fateOf(incoming)
    if (fate === "held") {
      held.push(async () => (await send()).statusCode ?? 0)
      return
    }
    if (typeof fate === "object") {
      outgoing.writeHead(fate.status, { "content-type": "application/xml" })
      outgoing.end(`<Error><Code>${fate.code}</Code></Error>`)
      return
    }
    const answer = await send()
    if (fate === "unanswered") return void answer.resume()
    outgoing.writeHead(answer.statusCode ?? 500, answer.rawHeaders)
    answer.pipe(outgoing)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const release = () => Promise.all(held.splice(0).map((send) => send()))
  try {
    return await withStoreAt(() => work({ release }), `http://127.0.0.1:${port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** Forwards a request. The host header stays, because it is signed. */
function sendOn(store: URL, { method, url, headers }: IncomingMessage, body: Buffer) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const { hostname, port } = store
    forward({ hostname, port, method, path: url, headers }, resolve).on("error", reject).end(body)
  })
}

/** A store that accepts no part above this number, like OpenStack Swift above 1,000. */
export const withFewParts =
  (most: number) =>
  ({ url = "" }: IncomingMessage): Fate =>
    Number(/[?&]partNumber=(\d+)/.exec(url)?.[1] ?? 0) > most
      ? { status: 400, code: "InvalidArgument" }
      : "forwarded"

/** Whether a request writes the tags of an object. */
export const writesTags = ({ method, url = "" }: IncomingMessage) =>
  method === "PUT" && /[?&]tagging/.test(url)

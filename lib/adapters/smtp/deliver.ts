import "server-only"
import { isIP } from "node:net"
import { Readable } from "node:stream"
import SmtpConnection from "nodemailer/lib/smtp-connection"
import type { SmtpServer } from "#lib/adapters/configuration/parsers.ts"
import { plainLine } from "#lib/adapters/text/plain-text.ts"

/** The result of sending a message, with the server's reply or the error message. */
export type Delivery = {
  /**
   * `accepted`: the server took the message. `refused`: it never will. `later`: a later attempt may
   * succeed. `unknown`: all of it was sent and no answer came, so the server may have taken it.
   */
  outcome: "accepted" | "refused" | "later" | "unknown"
  answer: string
}

type Server = {
  server: SmtpServer
  /** The host name by which the client identifies itself. */
  name: string
}

type Offer = Server & {
  from: string
  to: string
  message: Buffer
  /** Called just before the first byte of the message. If it throws, nothing is sent. */
  beforeText?: () => Promise<void>
}

/** Time limits for the server, in milliseconds. */
const PATIENCE = { connectMs: 10_000, silenceMs: 30_000, totalMs: 60_000 }
const MAX_REPLY_BYTES = 64 * 1024
const MAX_ANSWER = 500

type Failure = Error & { response?: string; permanent?: boolean; code?: string }

/** Sends one message over a separate connection. Throws what `beforeText` throws. */
export async function deliver(offer: Offer, patience = PATIENCE): Promise<Delivery> {
  const { from, to, beforeText = async () => {} } = offer
  let goesOut = false
  let thrown: unknown
  // The library reads the message when the server asks for it, so it may arrive from then on.
  async function* text() {
    await beforeText().catch((error: unknown) => {
      thrown = error
      throw error
    })
    goesOut = true
    yield offer.message
  }
  const message = Readable.from(text(), { objectMode: false })
  const answer = await inConnection(offer, patience, async (connection) => {
    const sent = await called<{ response: string }>((done) => {
      message.once("error", done)
      connection.send({ from, to: [to], size: offer.message.length }, message, done)
    })
    return sent.response
  })
  if (thrown !== undefined) throw thrown
  if (!(answer instanceof Error)) return { outcome: "accepted", answer: inWords(answer) }
  return failed(answer, goesOut)
}

/** Connects and signs in without sending anything. Returns an error message, null on success. */
export async function greet(server: Server, patience = PATIENCE): Promise<string | null> {
  const answer = await inConnection(server, patience, async () => "")
  return answer instanceof Error ? failed(answer, false).answer : null
}

/** Returns the result of a conversation over a separate connection, or why it failed. */
async function inConnection(
  server: Server,
  patience: typeof PATIENCE,
  converse: (connection: SmtpConnection) => Promise<string>,
): Promise<string | Error> {
  const { totalMs } = patience
  const connection = new SmtpConnection(optionsOf(server, patience))
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`The server took longer than ${totalMs / 1000} seconds.`)),
        totalMs,
      )
      connection.once("error", reject)
      connection.once("end", () => reject(new Error("The server closed the connection.")))
      enter(connection, server)
        .then(() => converse(connection))
        .then(resolve, reject)
    })
    connection.quit()
    return answer
  } catch (error) {
    // Later errors of this connection do not matter, but would otherwise be thrown.
    connection.on("error", () => {})
    connection.close()
    if (!(error instanceof Error)) throw error
    return error
  } finally {
    clearTimeout(timer)
  }
}

async function enter(connection: SmtpConnection, { server }: Server) {
  const { user, password } = server
  await called((done) => connection.connect(done))
  if (user !== null) {
    await called((done) => connection.login({ credentials: { user, pass: password } }, done))
  }
}

function failed(error: Failure, isHandedOver: boolean): Delivery {
  const { response, permanent, code, message } = error
  const answer = inWords(response ?? message)
  // A reply about the sender, the recipient or the message is final. A wrong password, certificate
  // or server address may be corrected.
  const isOfMessage = code === "EENVELOPE" || code === "EMESSAGE"
  if (isOfMessage && permanent !== false) return { outcome: "refused", answer }
  return { outcome: isHandedOver && response === undefined ? "unknown" : "later", answer }
}

function optionsOf({ server, name }: Server, patience: typeof PATIENCE) {
  const { host, port, security } = server
  return {
    host,
    port,
    name,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    tls: {
      minVersion: "TLSv1.2" as const,
      ...(isIP(host) ? {} : { servername: host }),
    },
    connectionTimeout: patience.connectMs,
    greetingTimeout: patience.connectMs,
    dnsTimeout: patience.connectMs,
    socketTimeout: patience.silenceMs,
    socketCloseTimeout: 0,
    maxResponseSize: MAX_REPLY_BYTES,
  }
}

/** Puts a reply or an error message on one line, because a hostile server may send anything. */
const inWords = (words: string) => plainLine(words.slice(0, MAX_ANSWER))

type Done<Result> = (error?: Error | null, result?: Result) => void

const called = <Result = unknown>(call: (done: Done<Result>) => void) =>
  new Promise<Result>((resolve, reject) => {
    call((error, result) => (error ? reject(error) : resolve(result as Result)))
  })

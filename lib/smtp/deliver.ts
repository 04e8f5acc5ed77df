import "server-only"
import { isIP } from "node:net"
import { Readable } from "node:stream"
import { getCACertificates } from "node:tls"
import SmtpConnection from "nodemailer/lib/smtp-connection"
import type { SmtpServer } from "#lib/configuration/parsers.ts"
import { plainLine } from "#lib/text/plain-text.ts"

/** The result of offering a message, with the server's words or those of the failure. */
export type Delivery = {
  /**
   * accepted: the server took it. refused: it never will. later: it was not taken and may be the
   * next time. unknown: all of it was sent and no answer came, so the server may have taken it.
   */
  outcome: "accepted" | "refused" | "later" | "unknown"
  answer: string
}

type Offer = {
  server: SmtpServer
  /** Certificates in PEM form that are trusted in addition to the usual ones. */
  authorities: string | null
  /** The host that the client calls itself. */
  name: string
  from: string
  to: string
  message: Buffer
}

/** How long the server may take, in milliseconds. */
const PATIENCE = { connectMs: 10_000, silenceMs: 30_000, totalMs: 60_000 }
const MAX_REPLY_BYTES = 64 * 1024
const MAX_ANSWER = 500

type Failure = Error & { response?: string; permanent?: boolean; code?: string }

/** Offers one message in a connection of its own. */
export async function deliver(offer: Offer, patience = PATIENCE): Promise<Delivery> {
  const { totalMs } = patience
  const connection = new SmtpConnection(optionsOf(offer, patience))
  let timer: ReturnType<typeof setTimeout> | undefined
  let isHandedOver = false
  // The library pipes the message only after the server asked for it, so a first read says that it
  // may arrive.
  const message = new Readable({
    read() {
      isHandedOver = true
      this.push(offer.message)
      this.push(null)
    },
  })
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`The server took longer than ${totalMs / 1000} seconds.`)),
        totalMs,
      )
      connection.once("error", reject)
      connection.once("end", () => reject(new Error("The server closed the connection.")))
      converse(connection, offer, message).then(resolve, reject)
    })
    connection.quit()
    return { outcome: "accepted", answer: inWords(answer) }
  } catch (error) {
    // Later errors of this connection are of no interest, but would otherwise be thrown.
    connection.on("error", () => {})
    connection.close()
    if (!(error instanceof Error)) throw error
    return failed(error, isHandedOver)
  } finally {
    clearTimeout(timer)
  }
}

async function converse(connection: SmtpConnection, offer: Offer, message: Readable) {
  const { server, from, to } = offer
  const { user, password } = server
  await called((done) => connection.connect(done))
  if (user !== null) {
    await called((done) => connection.login({ credentials: { user, pass: password } }, done))
  }
  const sent = await called<{ response: string }>((done) =>
    connection.send({ from, to: [to], size: offer.message.length }, message, done),
  )
  return sent.response
}

function failed(error: Failure, isHandedOver: boolean): Delivery {
  const { response, permanent, code, message } = error
  const answer = inWords(response ?? message)
  // What the server says about sender, recipient or message will not change; a password, a
  // certificate or an address of the server may be mended.
  const isOfMessage = code === "EENVELOPE" || code === "EMESSAGE"
  if (isOfMessage && permanent !== false) return { outcome: "refused", answer }
  return { outcome: isHandedOver && response === undefined ? "unknown" : "later", answer }
}

function optionsOf({ server, authorities, name }: Offer, patience: typeof PATIENCE) {
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
      ...(authorities && { ca: [...getCACertificates("default"), authorities] }),
    },
    connectionTimeout: patience.connectMs,
    greetingTimeout: patience.connectMs,
    dnsTimeout: patience.connectMs,
    socketTimeout: patience.silenceMs,
    socketCloseTimeout: 0,
    maxResponseSize: MAX_REPLY_BYTES,
  }
}

/** What a server or a failure said, on one line; a hostile server may have said anything. */
const inWords = (words: string) => plainLine(words.slice(0, MAX_ANSWER))

type Done<Result> = (error?: Error | null, result?: Result) => void

const called = <Result = unknown>(call: (done: Done<Result>) => void) =>
  new Promise<Result>((resolve, reject) => {
    call((error, result) => (error ? reject(error) : resolve(result as Result)))
  })

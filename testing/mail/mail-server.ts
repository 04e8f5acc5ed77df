import { once } from "node:events"
import { readFileSync } from "node:fs"
import net from "node:net"
import path from "node:path"
import { SMTPServer } from "smtp-server"

/** A certificate that this authority signed, or its key. */
export const pem = (name: string) =>
  readFileSync(path.join(import.meta.dirname, "certificates", `${name}.pem`), "utf8")

/** The path of the authority that signs the certificates of these servers. */
export const CA_FILE = path.join(import.meta.dirname, "certificates/ca.pem")

/** A mail as the server received it. */
export type TakenMail = { from: string; to: string[]; raw: string; encrypted: boolean }

type Behaviour = {
  /** "starttls" offers encryption, "tls" begins with it, "none" has none. */
  security?: "starttls" | "tls" | "none"
  /** The host of its certificate. */
  host?: "localhost" | "elsewhere"
  /** The only user and password that it accepts. */
  login?: { user: string; password: string }
  /** The answer to a recipient, such as "550 5.1.1 No such user"; undefined to accept. */
  onRecipient?: (address: string, time: number) => string | undefined
  /** The answer to a message, or "lost" to close the connection without one. */
  onMessage?: (time: number) => string | undefined
}

/** Starts a real SMTP server on a free port of this machine. */
export async function startMailServer(behaviour: Behaviour = {}) {
  const { security = "none", host = "localhost", login, onRecipient, onMessage } = behaviour
  const mails: TakenMail[] = []
  let recipients = 0
  let messages = 0
  const server = new SMTPServer({
    secure: security === "tls",
    key: pem(`${host}.key`),
    cert: pem(host),
    logger: false,
    authOptional: !login,
    disabledCommands: [...(security === "none" ? ["STARTTLS"] : []), ...(login ? [] : ["AUTH"])],
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, callback) {
      if (username === login?.user && password === login?.password)
        return callback(null, { user: username })
      callback(answering("535 5.7.8 Authentication credentials invalid"))
    },
    onRcptTo({ address }, _session, callback) {
      const answer = onRecipient?.(address, recipients++)
      callback(answer === undefined ? null : answering(answer))
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on("data", (chunk: Buffer) => chunks.push(chunk))
      stream.on("end", () => {
        const answer = onMessage?.(messages++)
        if (answer === "lost" || answer === undefined) {
          const { mailFrom, rcptTo } = session.envelope
          mails.push({
            from: mailFrom ? mailFrom.address : "",
            to: rcptTo.map(({ address }) => address),
            raw: Buffer.concat(chunks).toString("utf8"),
            encrypted: session.secure,
          })
        }
        if (answer === "lost") {
          for (const connection of server.connections) connection.close()
          return
        }
        if (answer === undefined) return callback(null, "queued as TEST")
        callback(answering(answer))
      })
    },
  })
  server.on("error", () => {}) // a client that refuses the certificate
  server.listen(0, "127.0.0.1")
  await once(server.server, "listening")
  return {
    port: portOf(server.server),
    mails,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

/** Starts a fake server that only sends what `speak` writes. */
export async function startHostileServer(speak: (socket: net.Socket) => void) {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on("error", () => {})
    speak(socket)
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    port: portOf(server),
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, "close")
    },
  }
}

function portOf(server: net.Server) {
  const address = server.address()
  if (typeof address !== "object" || !address) throw new Error("it does not listen")
  return address.port
}

/** An error for which the server sends this answer. */
function answering(answer: string) {
  const [, code, text = ""] = /^(\d{3}) (.*)$/.exec(answer) ?? []
  return Object.assign(new Error(text), { responseCode: Number(code) })
}

/** The headers of a raw mail, unfolded, by their name in lower case. */
export function headersOf({ raw }: TakenMail): Map<string, string> {
  const [head = ""] = raw.split("\r\n\r\n", 1)
  return new Map(
    head
      .replace(/\r\n[ \t]+/g, " ")
      .split("\r\n")
      .map((line) => {
        const at = line.indexOf(":")
        return [line.slice(0, at).toLowerCase(), decodeWords(line.slice(at + 1).trim())]
      }),
  )
}

/** The text of a header with encoded words (RFC 2047). */
const decodeWords = (text: string) =>
  text
    .replace(/\?= =\?/g, "?==?")
    .replace(/=\?UTF-8\?([BQ])\?(.*?)\?=/gi, (_, encoding: string, word: string) =>
      encoding.toUpperCase() === "B"
        ? Buffer.from(word, "base64").toString()
        : decodeURIComponent(
            word
              .replaceAll("%", "%25")
              .replaceAll("_", " ")
              .replace(/=([\dA-F]{2})/g, "%$1"),
          ),
    )

/** The parts of a raw mail that are text, decoded, by their type. */
export function textsOf({ raw }: TakenMail): { plain: string; html: string } {
  const texts = { plain: "", html: "" }
  for (const part of raw.split(/\r\n--[^\r\n]+/)) {
    const [head = "", ...rest] = part.split("\r\n\r\n")
    const type = /content-type: text\/(plain|html)/i.exec(head)?.[1]
    if (type !== "plain" && type !== "html") continue
    const body = rest.join("\r\n\r\n")
    texts[type] = /base64/i.test(head)
      ? Buffer.from(body, "base64").toString("utf8")
      : /quoted-printable/i.test(head)
        ? fromQuotedPrintable(body)
        : body
  }
  return texts
}

const fromQuotedPrintable = (text: string) =>
  Buffer.from(
    text
      .replace(/=\r\n/g, "")
      .replace(/=([0-9A-F]{2})/g, (_all, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
    "latin1",
  ).toString("utf8")

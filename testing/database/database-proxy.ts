import { once } from "node:events"
import net from "node:net"
import { configuration } from "#lib/adapters/configuration.ts"

type Link = { client: net.Socket; server: net.Socket }
/** `hold`: bytes of both directions stop. `mute`: only the answers stop. */
type Fault = "hold" | "mute"

/**
 * Starts a TCP port in front of the tests' PostgreSQL, which listens on a Unix socket. It can
 * silence connections without closing them, as a failover or a frozen machine does.
 */
export async function startDatabaseProxy() {
  const url = new URL(configuration.DATABASE_URL)
  const socket = `${url.searchParams.get("host")}/.s.PGSQL.${url.port || "5432"}`
  const links = new Set<Link>()
  let forNew: Fault | undefined
  let isStartingUp = false

  const listener = net.createServer((client) => {
    if (isStartingUp) return void client.on("error", () => {}).end(STARTING_UP)
    const link = { client, server: net.connect(socket) }
    links.add(link)
    client.on("error", () => {}).on("close", () => link.server.destroy())
    link.server.on("error", () => {}).on("close", () => links.delete(link) && client.destroy())
    client.pipe(link.server)
    link.server.pipe(client)
    if (forNew) silence(link, forNew)
  })
  listener.listen(0, "127.0.0.1")
  await once(listener, "listening")
  const address = listener.address()
  url.searchParams.delete("host")
  url.hostname = "127.0.0.1"
  url.port = String(typeof address === "object" ? address?.port : "")

  return {
    url: url.href,
    count: () => links.size,
    /** Silences the existing connections; new ones work. */
    silenceOld(fault: Fault) {
      for (const link of links) silence(link, fault)
    },
    /** Silences the existing connections and all new ones. */
    freeze() {
      forNew = "hold"
      for (const link of links) silence(link, "hold")
    },
    /** Closes the connections and refuses new ones, as a recovering server does. */
    startUp(isStarting: boolean) {
      isStartingUp = isStarting
      if (isStarting) for (const { client } of links) client.destroy()
    },
    /** Lets bytes flow again. */
    thaw() {
      forNew = undefined
      for (const { client, server } of links) {
        client.pipe(server)
        server.pipe(client)
      }
    },
    stop() {
      for (const { client, server } of links) {
        client.destroy()
        server.destroy()
      }
      listener.close()
    },
  }
}

// https://www.postgresql.org/docs/current/protocol-message-formats.html, ErrorResponse
const FIELDS = "SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"
const STARTING_UP = Buffer.concat([
  Buffer.from("E"),
  Buffer.from(Uint32Array.of(FIELDS.length + 4).buffer).swap32(),
  Buffer.from(FIELDS),
])

export type DatabaseProxy = Awaited<ReturnType<typeof startDatabaseProxy>>

function silence({ client, server }: Link, fault: Fault) {
  server.unpipe(client).pause()
  if (fault === "hold") client.unpipe(server).pause()
}

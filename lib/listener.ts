import "server-only"
import { setTimeout as sleep } from "node:timers/promises"
import { DbClient } from "./db-client.ts"
import { CLIENT_TIMEOUTS, DB_TIMEOUTS } from "./db-timeouts.ts"
import { logOutage } from "./outage-log.ts"
import { settings } from "./settings.ts"

const RECONNECT_MS = 1_000

export type Listener = { stop(): Promise<void> }

type Heard = {
  onNotice: (payload: string) => void
  /** The connection listens, for the first time or again: what was sent before is lost. */
  onListening: () => void
}

/**
 * Listens to a channel of the database on one connection, which is opened again when it is lost.
 * A pooler in transaction mode takes LISTEN and delivers nothing: the caller sees that it hears
 * nothing.
 */
export function listenTo(channel: string, { onNotice, onListening }: Heard): Listener {
  let client: DbClient | undefined
  let stopped = false

  const connect = async () => {
    const next = new DbClient({
      connectionString: settings.DATABASE_DIRECT_URL ?? settings.DATABASE_URL,
      answerTimeoutMillis: DB_TIMEOUTS.statement_timeout + CLIENT_TIMEOUTS.margin,
      application_name: "lapse-live",
    })
    client = next
    let loss = new Error("The connection ended.")
    next.on("error", (error) => {
      loss = error
    })
    next.on("notification", ({ payload }) => onNotice(payload ?? ""))
    const ended = new Promise<void>((resolve) => next.once("end", () => resolve()))
    try {
      await next.connect()
      await next.query(`LISTEN ${channel}`)
    } catch (error) {
      next.discard(loss)
      throw error
    }
    next.askRegularly()
    onListening()
    await ended
    throw loss
  }

  const running = (async () => {
    while (!stopped) {
      await connect().catch((error) => {
        if (!stopped) logOutage(error, "The database connection of live numbers was lost.")
      })
      if (!stopped) await sleep(RECONNECT_MS, undefined, { ref: false })
    }
  })()

  return {
    async stop() {
      stopped = true
      await client?.end().catch(() => {})
      await running
    },
  }
}

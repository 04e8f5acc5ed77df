// Runs a cut off as a separate process: node testing/children/cut-off-child.ts ID STEP. It kills
// itself before that step, a statement or a request to the store, as kill -9 would; without STEP it
// reports of each step whether it made a lasting change.
import { S3Client } from "@aws-sdk/client-s3"
import pg from "pg"

const [id = "", step = "Infinity"] = process.argv.slice(2)
let changes: boolean[] = []

type Any = (...args: never[]) => unknown

const counting = <Function extends Any>(
  original: Function,
  isChange: (...args: never[]) => boolean | null,
) =>
  function (this: unknown, ...args: never[]) {
    const change = Reflect.apply(isChange, this, args)
    if (change !== null) changes.push(change)
    if (changes.length === Number(step)) process.kill(process.pid, "SIGKILL")
    return Reflect.apply(original, this, args)
  } as Function

/** Connections with an open transaction, whose changes last only from its commit on. */
const inTransaction = new WeakSet<object>()

function changesRows(this: object, query: string | { text: string }) {
  const text = typeof query === "string" ? query : query.text
  if (text.startsWith("SET ")) return null // of a new connection, whose number varies
  if (/^\s*BEGIN/i.test(text)) inTransaction.add(this)
  if (!/^\s*(COMMIT|ROLLBACK)/i.test(text)) {
    return !inTransaction.has(this) && /\b(INSERT|UPDATE|DELETE)\b/i.test(text)
  }
  inTransaction.delete(this)
  return /^\s*COMMIT/i.test(text)
}

const changesObjects = (command: object) => !/^(Get|Head|List)/.test(command.constructor.name)

pg.Client.prototype.query = counting(pg.Client.prototype.query, changesRows)
S3Client.prototype.send = counting(S3Client.prototype.send, changesObjects)
globalThis.fetch = counting(globalThis.fetch, () => false)

const { usableColours } = await import("#lib/rooms/files/objects/colours.ts")
const { runCutOff } = await import("#lib/rooms/cut-offs/run-cut-off.ts")
await usableColours() // as at every start
changes = []
await runCutOff(id)
process.send?.({ changes })
process.exit(0)

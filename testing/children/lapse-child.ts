// Runs a night as a separate process: node testing/children/lapse-child.ts STATEMENT. It kills itself
// before that statement, as kill -9 would; without one, or if there are fewer, it reports how many
// there were.
import pg from "pg"

const last = Number(process.argv[2] ?? "Infinity")
let count = 0

const { query } = pg.Client.prototype
pg.Client.prototype.query = function (this: pg.Client, ...args: never[]) {
  count += 1
  if (count === last) process.kill(process.pid, "SIGKILL")
  return Reflect.apply(query, this, args)
} as typeof query

const { lapseFiles } = await import("#lib/rooms/retention/lapse-files.ts")
await lapseFiles({ doClocksAgree: async () => true, rest: 0 })
process.send?.(count)
process.exit(0)

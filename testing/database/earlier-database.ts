import { fork } from "node:child_process"
import { once } from "node:events"
import path from "node:path"
import { type EmbeddedPostgres, startPostgres } from "#server/embedded/postgres.ts"
import { earlierPostgres } from "#testing/programs/earlier-postgres.ts"
import { checksumsOf } from "./checksums.ts"

const root = path.join(import.meta.dirname, "../..")
const directoryOf = (data: string) => path.join(data, "postgres")

/** Starts the previous major of PostgreSQL on the cluster of a data directory. */
export const startEarlierDatabase = (data: string): Promise<EmbeddedPostgres> =>
  startPostgres({ directory: directoryOf(data), version: earlierPostgres() })

/** Moves the cluster of a data directory to the PostgreSQL of this Lapse; returns the messages. */
export async function moveDatabase(data: string): Promise<string[]> {
  const { major, folder } = earlierPostgres()
  const child = fork(path.join(root, "testing/children/move-child.ts"), [data, major, folder], {
    execArgv: ["--import", path.join(root, "server/server-only.mjs")],
  })
  const said: string[] = []
  child.on("message", (line) => said.push(String(line)))
  const [code] = await once(child, "exit")
  if (code !== 0) throw new Error(said.join("\n"))
  return said
}

/** The checksums of the tables in a data directory that nothing uses. */
export async function checksumsIn(data: string): Promise<Record<string, string>> {
  const { url, stop } = await startPostgres({ directory: directoryOf(data) })
  return checksumsOf(url).finally(stop)
}

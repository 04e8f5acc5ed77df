// Imports a Pingvin Share as a separate process: node testing/children/import-child.ts DIR. Reports
// each step, so that it can be killed in between.
import { db } from "#lib/adapters/database.ts"
import { planImport } from "#lib/rooms/imports/plan/plan-import.ts"
import { runImport } from "#lib/rooms/imports/run-import.ts"
import { readSource } from "#lib/rooms/imports/sources/read-source.ts"

const [directory = ""] = process.argv.slice(2)

await db.$queryRaw`SELECT 1`
process.send?.("begins")
const { root, ...source } = readSource("pingvin", directory)
const plan = await planImport("pingvin", source, { root, bucket: null })
await runImport(plan, { app: "pingvin", root, say: (line) => process.send?.(line) })
process.send?.("done")
process.exit(0)

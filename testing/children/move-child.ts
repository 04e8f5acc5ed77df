// Moves an embedded database to the PostgreSQL of this Lapse, as a separate process that may be
// killed.
import path from "node:path"
import { installQueue } from "#lib/rooms/jobs/install-queue.ts"
import { migrate } from "#prisma/migrate.ts"
import { takeDataDirectory } from "#server/configuration/data-directory.ts"
import { moveCluster } from "#server/embedded/major/move-cluster.ts"

const [data = "", major = "", folder = ""] = process.argv.slice(2)
try {
  takeDataDirectory(data)
  await moveCluster({
    directory: path.join(data, "postgres"),
    from: { major, folder },
    async prepareTables(url) {
      await migrate(url)
      await installQueue(url)
    },
    say: (line) => process.send?.(line),
  })
  process.exit(0)
} catch (error) {
  process.send?.(String(error))
  process.exit(1)
}

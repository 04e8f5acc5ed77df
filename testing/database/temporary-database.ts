import path from "node:path"
import { startPostgres } from "#server/embedded/postgres.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"

/** Starts a server with a new, empty database, which is deleted when it stops. */
export async function startTemporaryDatabase(): Promise<{
  url: string
  stop: () => Promise<void>
}> {
  const place = makeFastDirectory()
  const directory = path.join(place.path, "postgres")
  const { url, stop } = await startPostgres({ directory, durable: false })
  return {
    url,
    async stop() {
      await stop()
      place.remove()
    },
  }
}

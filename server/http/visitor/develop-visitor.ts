import { watchVisitor } from "#server/build/build-visitor.ts"
import { loadVisitor, type Visitor } from "#server/http/visitor/serve-visitor.ts"
import { ASSETS_PATH } from "#visitor/assets.ts"

/** The address at which pages in development request the time of the last build of `visitor/`. */
const CHANGES = `${ASSETS_PATH}changes`

/** Serves visitors from the sources of `visitor/`, built again after each change. */
export async function developVisitor(folder: string) {
  let current: Visitor | undefined
  let builtAt = 0
  const load = async () => {
    try {
      current = await loadVisitor(folder, { dev: true })
      builtAt = Date.now()
    } catch (error) {
      console.error(error) // The file may be half written. The next save builds it again.
    }
  }
  const stopWatching = await watchVisitor(folder, () => void load())
  await load()
  const visitor: Visitor = {
    async answer(request) {
      if (!current) throw new Error("visitor/ could not be built: see above")
      return current.answer(request)
    },
    serveAsset(path, request, response) {
      if (path !== CHANGES) return current?.serveAsset(path, request, response) ?? false
      response.writeHead(200, { "Content-Type": "text/plain", "Cache-Control": "no-store" })
      response.end(String(builtAt))
      return true
    },
  }
  return { visitor, stop: stopWatching }
}

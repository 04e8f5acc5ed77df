import { createZip } from "./create-zip.ts"
import type { ZipEvent, ZipJob } from "./zip-job.ts"

/** The message that the page sends before it opens the archive's URL, which ends in `id`. */
export type ArchiveRequest = { id: string; name: string; job: ZipJob; port: MessagePort }

// TypeScript's DOM library does not contain these types, and contradicts the one for workers.
type ToMessage = (event: {
  data: ArchiveRequest | "ping"
  waitUntil: (work: Promise<void>) => void
}) => void
type ToFetch = (event: { request: Request; respondWith: (response: Response) => void }) => void
declare function addEventListener(type: "install", listener: () => void): void
declare function addEventListener(type: "message", listener: ToMessage): void
declare function addEventListener(type: "fetch", listener: ToFetch): void
declare function skipWaiting(): Promise<void>

/**
 * Answers a navigation to the URL of an archive with its bytes, so that the browser saves them.
 * Other URLs below /assets/zip/ are left to the server, which has none.
 */
export function serveArchives() {
  const archives = new Map<string, { name: string; stream: ReadableStream; begin: () => void }>()

  const prepare = async ({ id, name, job, port }: ArchiveRequest) => {
    const tell = (event: ZipEvent) => port.postMessage(event)
    const zip = createZip(job, tell)
    port.onmessage = ({ data }) => zip.command(data)
    const stream = await zip.open()
    if (stream) archives.set(id, { name, stream, begin: () => tell({ type: "began" }) })
  }

  addEventListener("install", () => void skipWaiting())
  addEventListener("message", (event) => {
    // A ping keeps the browser from stopping this worker.
    if (event.data !== "ping") event.waitUntil(prepare(event.data))
  })
  addEventListener("fetch", (event) => {
    const id = new URL(event.request.url).pathname.split("/").at(-1) ?? ""
    const archive = archives.get(id)
    if (!archive) return
    archives.delete(id)
    archive.begin()
    const headers = {
      "Content-Type": "application/zip",
      "Content-Disposition": `attachment; filename*=UTF-8''${encode(archive.name)}`,
      "Cache-Control": "no-store",
    }
    event.respondWith(new Response(archive.stream, { headers }))
  })
}

// Encodes a name by RFC 8187.
const encode = (name: string) =>
  encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)

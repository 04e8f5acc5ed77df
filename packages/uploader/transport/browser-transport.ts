import "client-only"
import type { Answer, FileRecord, StartedFile } from "../upload-protocol.ts"
import { callApi } from "./api-client.ts"
import { putBlob } from "./put-blob.ts"
import type { NewFile, UploadTransport } from "./upload-transport.ts"

type Call = typeof callApi

/**
 * Creates a transport by the JSON protocol of README.md below `filesUrl`. `send` replaces `fetch`
 * for the calls of the app, such as by one that sends a token.
 */
export function createBrowserTransport(filesUrl: string, send?: typeof fetch): UploadTransport {
  const call: Call = (asked) => callApi(asked, send)
  return {
    ...fileCalls(filesUrl, call),
    ...partCalls(filesUrl, call),
    heartbeat(fileIds) {
      void call({ method: "POST", url: `${filesUrl}/heartbeat`, body: { fileIds } })
    },
    listUnfinished: () => listUnfinished(filesUrl, call),
    put: putBlob,

    async isReadable(body) {
      try {
        await body.slice(0, 1).arrayBuffer()
        return true
      } catch {
        return false
      }
    },

    isOnline: () => navigator.onLine,

    onOnline(listener) {
      window.addEventListener("online", listener)
    },
  }
}

type FileCalls = Pick<UploadTransport, "start" | "renew" | "finish" | "abandon">

const fileCalls = (filesUrl: string, call: Call): FileCalls => ({
  async start(files) {
    const answer = await call<BatchItem[]>({
      method: "POST",
      url: `${filesUrl}/batch`,
      field: "items",
      body: { files: files.map(describe), ifNew: true },
    })
    return answer.ok ? { ok: true, value: answer.value.map(answerOf) } : answer
  },

  renew: (fileId) => call({ method: "POST", url: `${filesUrl}/${fileId}/upload`, field: "upload" }),

  finish: (fileId, sha256) =>
    call({
      method: "POST",
      url: `${filesUrl}/${fileId}/complete`,
      expectedField: "id",
      ...(sha256 && { body: { sha256 } }),
    }),

  abandon(fileId) {
    void call({ method: "DELETE", url: `${filesUrl}/${fileId}` })
  },
})

function describe({ source, digests, replaces }: NewFile) {
  const { name, path, contentType, body } = source
  const { fingerprint, sha256 } = digests
  return {
    name,
    path,
    size: body.size,
    contentType: contentType || "application/octet-stream",
    // A browser that cannot hash a fingerprint cannot hash parts either.
    partChecksums: fingerprint !== null,
    ...(fingerprint && { fingerprint }),
    ...(sha256 && { sha256 }),
    ...(replaces && { replaces }),
  }
}

type BatchItem =
  | StartedFile
  | { problem: { status: number; title: string; retryAfterSeconds?: number }; file?: FileRecord }

function answerOf(item: BatchItem): Answer<StartedFile> {
  if (!("problem" in item)) return { ok: true, value: item }
  const { status, title, retryAfterSeconds = null } = item.problem
  const taken = item.file && { taken: item.file }
  return { ok: false, status, message: title, retryAfterSeconds, ...taken }
}

type PartCalls = Pick<UploadTransport, "signParts" | "listParts">

const partCalls = (filesUrl: string, call: Call): PartCalls => ({
  signParts(fileId, parts) {
    const digests = parts.flatMap(({ partNumber, sha256 }) =>
      sha256 === null ? [] : [[partNumber, sha256]],
    )
    return call({
      method: "POST",
      url: `${filesUrl}/${fileId}/parts`,
      field: "parts",
      body: {
        partNumbers: parts.map(({ partNumber }) => partNumber),
        ...(digests.length > 0 && { sha256: Object.fromEntries(digests) }),
      },
    })
  },

  listParts: (fileId) =>
    call({ method: "GET", url: `${filesUrl}/${fileId}/parts`, field: "parts" }),
})

async function listUnfinished(filesUrl: string, call: Call): Promise<Answer<FileRecord[]>> {
  const uploading = await listFiles("uploading", filesUrl, call)
  if (!uploading.ok) return uploading
  const abandoned = await listFiles("abandoned", filesUrl, call)
  return abandoned.ok ? { ok: true, value: [...uploading.value, ...abandoned.value] } : abandoned
}

async function listFiles(
  status: FileRecord["status"],
  filesUrl: string,
  call: Call,
): Promise<Answer<FileRecord[]>> {
  const files: FileRecord[] = []
  let cursor: string | null = null
  const seen = new Set<string>()
  do {
    const query: string = new URLSearchParams({
      status,
      limit: "100",
      ...(cursor && { cursor }),
    }).toString()
    const page = await call<{ items: FileRecord[]; nextCursor: string | null }>({
      method: "GET",
      url: `${filesUrl}?${query}`,
      expectedField: "items",
    })
    if (!page.ok) return page
    files.push(...page.value.items)
    cursor = page.value.nextCursor
    // A cursor that comes again would never end the list.
    if (cursor && seen.size === seen.add(cursor).size) break
  } while (cursor)
  return { ok: true, value: files }
}

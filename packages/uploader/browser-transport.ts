import "client-only"
import type { FileView, UploadView } from "#lib/files/file.ts"
import { askApp } from "./api-client.ts"
import { putBlob } from "./put-blob.ts"
import type { Answer, PartAddress, StoredPart, UploadTransport } from "./upload-transport.ts"

/** The uploader's real outside: the members' API, the store, this browser. */
export const browserTransport: UploadTransport = {
  start: ({ name, path, contentType, body }, { fingerprint, sha256 }) =>
    askApp({
      method: "POST",
      path: "/api/v1/files",
      has: "file",
      body: {
        name,
        path,
        size: body.size,
        contentType: contentType || "application/octet-stream",
        // Who could take no fingerprint cannot hash parts either.
        partChecksums: fingerprint !== null,
        ...(fingerprint && { fingerprint }),
        ...(sha256 && { sha256 }),
      },
    }),

  async sign(fileId) {
    return only(
      "upload",
      await askApp<{ upload: UploadView }>({
        method: "POST",
        path: `/api/v1/files/${fileId}/upload`,
        has: "upload",
      }),
    )
  },

  async signParts(fileId, parts) {
    const digests = parts.flatMap(({ partNumber, sha256 }) =>
      sha256 === null ? [] : [[partNumber, sha256]],
    )
    return only(
      "parts",
      await askApp<{ parts: PartAddress[] }>({
        method: "POST",
        path: `/api/v1/files/${fileId}/parts`,
        has: "parts",
        body: {
          partNumbers: parts.map(({ partNumber }) => partNumber),
          ...(digests.length > 0 && { sha256: Object.fromEntries(digests) }),
        },
      }),
    )
  },

  async listParts(fileId) {
    return only(
      "parts",
      await askApp<{ parts: StoredPart[] }>({
        method: "GET",
        path: `/api/v1/files/${fileId}/parts`,
        has: "parts",
      }),
    )
  },

  async listUnfinished() {
    const files: FileView[] = []
    let cursor: string | null = null
    do {
      const query: string = new URLSearchParams({
        status: "uploading",
        limit: "100",
        ...(cursor && { cursor }),
      }).toString()
      const page = await askApp<{ items: FileView[]; nextCursor: string | null }>({
        method: "GET",
        path: `/api/v1/files?${query}`,
        has: "items",
      })
      if (!page.ok) return page
      files.push(...page.value.items)
      cursor = page.value.nextCursor
    } while (cursor)
    return { ok: true, value: files }
  },

  put: putBlob,

  finish: (fileId, sha256) =>
    askApp({
      method: "POST",
      path: `/api/v1/files/${fileId}/complete`,
      has: "id",
      ...(sha256 && { body: { sha256 } }),
    }),

  abandon(fileId) {
    void askApp({ method: "DELETE", path: `/api/v1/files/${fileId}` })
  },

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

const only = <Name extends string, Value>(
  name: Name,
  answer: Answer<Record<Name, Value>>,
): Answer<Value> => (answer.ok ? { ok: true, value: answer.value[name] } : answer)

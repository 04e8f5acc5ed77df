import "client-only"
import type { UploadView } from "#lib/files/file.ts"
import { askApp } from "./ask-app.ts"
import { putBlob } from "./put-blob.ts"
import type { UploadTransport } from "./upload-transport.ts"

/** The uploader's real outside: the members' API, the store, this browser. */
export const browserTransport: UploadTransport = {
  start: ({ name, contentType, body }) =>
    askApp({
      method: "POST",
      path: "/api/v1/files",
      body: { name, size: body.size, contentType: contentType || "application/octet-stream" },
    }),

  async sign(fileId) {
    const answer = await askApp<{ upload: UploadView }>({
      method: "POST",
      path: `/api/v1/files/${fileId}/upload`,
    })
    return answer.ok ? { ok: true, value: answer.value.upload } : answer
  },

  put: putBlob,

  finish: (fileId) => askApp({ method: "POST", path: `/api/v1/files/${fileId}/complete` }),

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

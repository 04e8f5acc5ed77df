import type { MemberId } from "#lib/accounts/member.ts"
import type { FileView } from "#lib/files/file.ts"
import { finishUpload } from "#lib/files/finish-upload.ts"
import { startUpload } from "#lib/files/start-upload.ts"
import { aMember } from "./a-member.ts"

type Wanted = { owner?: MemberId; name?: string; contentType?: string; bytes?: string }
type Started = { owner: MemberId; file: FileView; bytes: string; put: () => Promise<Response> }

/** A file whose upload was started; `put` brings its bytes to the store, as often as one likes. */
export async function aStartedFile(wanted: Wanted = {}): Promise<Started> {
  const owner = wanted.owner ?? (await aMember())
  const { name = "report.pdf", contentType = "application/pdf", bytes = "some bytes" } = wanted
  const size = Buffer.byteLength(bytes)
  const { file, upload } = await startUpload(owner, { name, contentType, size })
  if (upload.method !== "put") throw new Error("A file this small comes in one PUT.")
  const { url, headers } = upload
  return { owner, file, bytes, put: () => fetch(url, { method: "PUT", headers, body: bytes }) }
}

/** A ready file with its bytes in the store. */
export async function aFile(wanted: Wanted = {}): Promise<FileView> {
  const { owner, file, put } = await aStartedFile(wanted)
  const { ok, status } = await put()
  if (!ok) throw new Error(`The store answered ${status}.`)
  return finishUpload(owner, file.id)
}

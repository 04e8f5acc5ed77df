import { SetupError } from "#lib/adapters/errors.ts"
import type { FileView } from "#lib/rooms/files/file.ts"
import { finishUpload } from "#lib/rooms/files/upload/finish-upload.ts"
import { signParts } from "#lib/rooms/files/upload/parts/sign-parts.ts"
import { startUpload } from "#lib/rooms/files/upload/start-upload.ts"
import { isGuest, type Uploader } from "#lib/rooms/files/upload/uploader.ts"
import type { SampleFile } from "./sample-files.ts"

/** Uploads a small file of a member or a guest; `finish` ends the upload. */
export async function uploadSample(
  by: Uploader,
  { bytes, ...file }: SampleFile,
  finish: (id: string) => Promise<FileView> = (id) => finishUpload(by, id),
): Promise<FileView> {
  const sender = isGuest(by) ? by : { owner: by, token: null }
  const started = await startUpload(sender, { ...file, size: bytes.length })
  const { id } = started.file
  const sign = async () => (await signParts(by, id, { partNumbers: [1] })).parts[0]
  const put = started.upload.method === "put" ? started.upload : await sign()
  if (!put) throw new Error("no part was signed")
  const { url, headers } = put
  const { ok, status } = await fetch(url, { method: "PUT", headers, body: new Uint8Array(bytes) })
  if (!ok) throw new SetupError(`The object store answered an upload with ${status}.`)
  return finish(id)
}

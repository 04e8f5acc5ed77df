import "client-only"
import { fingerprintOf } from "../hashing/fingerprint.ts"
import type { UploadContext } from "../queue/upload-context.ts"
import type { UploadList } from "../queue/upload-list.ts"
import { adoptFile } from "./adopt-file.ts"

/** `file_needed`: the member must pick the file again. `changed`: the file is another one. */
export type ContinueResult = "continued" | "file_needed" | "changed"

/** Adds an upload that continues an unfinished one, from its stored file handle. */
export async function continueUnfinished(
  fileId: string,
  list: UploadList,
  context: UploadContext,
): Promise<ContinueResult> {
  const { unfinished, handles, hasher } = context
  const listed = unfinished.find(fileId)
  const handle = await handles.find(fileId)
  const body = listed && handle && (await openHandle(handle))
  if (!body) return "file_needed"
  const fingerprint = await fingerprintOf(body.name, body, hasher)
  if (body.size !== listed.size || fingerprint !== listed.fingerprint) return "changed"
  // It is no longer listed, because an earlier click or a picked file has already continued it.
  if (!unfinished.take(fileId)) return "continued"
  const { name, path } = listed
  const source = { name, path, contentType: body.type, body, handle }
  const entry = list.add(source, context.newRetries())
  if (listed.givenUp) {
    context.transport.abandon(fileId) // It is not listed again.
    return "continued"
  }
  entry.adopting = adoptFile(entry, fileId, context)
  await entry.adopting
  entry.adopting = null
  return "continued"
}

/** Returns the current file, or null if it may not be read. Needs a user gesture. */
async function openHandle(handle: FileSystemFileHandle): Promise<File | null> {
  try {
    const permission = (await handle.requestPermission?.({ mode: "read" })) ?? "granted"
    return permission === "granted" ? await handle.getFile() : null
  } catch {
    return null
  }
}

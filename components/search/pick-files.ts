import { openFileDialog, pickedFiles } from "#packages/uploader/picking/picked-files.ts"
import type { UploadSource } from "#packages/uploader/upload.ts"

/** Opens the file picker during a press. Resolves with the picked files, none if cancelled. */
export async function pickFiles(): Promise<UploadSource[]> {
  const handles = await openFileDialog()
  if (handles) return handles
  const input = document.createElement("input")
  input.type = "file"
  input.multiple = true
  const { promise, resolve } = Promise.withResolvers<UploadSource[]>()
  input.onchange = () => resolve(pickedFiles(input.files ?? []))
  input.oncancel = () => resolve([])
  input.click()
  return promise
}

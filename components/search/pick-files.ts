import { openFileDialog, pickedFiles } from "#packages/uploader/picking/picked-files.ts"
import type { UploadSource } from "#packages/uploader/upload.ts"

/**
 * Opens the browser's file picker, and resolves with the picked files; with none if the person
 * cancels. Must be called during a press.
 */
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

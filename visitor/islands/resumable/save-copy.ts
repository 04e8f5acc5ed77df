import type { Download } from "#packages/downloader/download.ts"

/** The browser reads the file for as long as it copies it. */
const COPY_MS = 2 * 3_600_000

/** Has the browser save a copy of a file that is in private storage: it streams it to the disk. */
export async function saveCopy(download: Download) {
  const { name } = download.snapshot().file
  const url = URL.createObjectURL(await download.read())
  const link = document.createElement("a")
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), COPY_MS)
}

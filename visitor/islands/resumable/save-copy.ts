import type { Download } from "#packages/downloader/download.ts"

/** The time for which the browser may read the file to copy it. */
const COPY_MS = 2 * 3_600_000

/** Makes the browser save a copy of a file in private storage, which it streams to the disk. */
export async function saveCopy(download: Download) {
  const { name } = download.snapshot().file
  const url = URL.createObjectURL(await download.read())
  const link = document.createElement("a")
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), COPY_MS)
}

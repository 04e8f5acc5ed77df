import { pageData } from "#visitor/islands/page-data.ts"
import type { ArchiveRequest } from "../../zip/serve-archives.ts"
import type { FileRequest } from "../../zip/write-to-file.ts"
import type { ZipCommand, ZipEvent, ZipJob } from "../../zip/zip-job.ts"

/** Below the path of the script, so that the worker's scope needs no header and has no page. */
const SCOPE = "/assets/zip/"
/** Firefox stops a service worker that gets no message for 30 s. */
const PING_MS = 10_000
/** The time that a browser may take to start a download that is ready. */
const START_MS = 15_000

type Archive = { name: string; job: ZipJob }

/** The events of a ZIP; `not_started`: the browser did not start the download. */
export type ZipNews = ZipEvent | { type: "not_started" }

/** A ZIP in progress. */
export type Zip = {
  command: (command: ZipCommand) => void
  /** Releases the resources of the ZIP on the page. */
  release: () => void
}

/** The file that the visitor picked; null if the browser has no picker. */
type Place = FileSystemFileHandle | null

declare global {
  interface Window {
    showSaveFilePicker?(options: {
      suggestedName: string
      types: { accept: Record<string, string[]> }[]
    }): Promise<FileSystemFileHandle>
  }
}

/** The origin of the store, which the URL of the worker names. */
export const storeOrigin = () =>
  new URL(pageData.zipWorker ?? "", location.href).searchParams.get("store") ?? location.origin

/** Whether this page reaches the store. It does not if the browser distrusts its certificate. */
export const reachesStore = () =>
  fetch(storeOrigin(), { mode: "no-cors" }).then(
    () => true,
    () => false,
  )

/** Asks where to save the ZIP, if the browser can. "cancelled": the visitor closed the picker. */
export async function choosePlace(name: string): Promise<Place | "cancelled"> {
  if (!window.showSaveFilePicker) return null
  try {
    return await window.showSaveFilePicker({
      suggestedName: name,
      types: [{ accept: { "application/zip": [".zip"] } }],
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return "cancelled"
    return null // the click was too long ago: the browser downloads the ZIP instead
  }
}

/** Starts a ZIP: into a picked file, or as a download of the browser. */
export async function startZip(
  archive: Archive,
  place: Place,
  tell: (news: ZipNews) => void,
): Promise<Zip> {
  const { port1: port, port2 } = new MessageChannel()
  port.onmessage = ({ data }: MessageEvent<ZipEvent>) => tell(data)
  const command = (command: ZipCommand) => port.postMessage(command)
  if (place) {
    const worker = new Worker(pageData.zipWorker ?? "")
    worker.onerror = () => tell({ type: "failed", failure: { why: "broken" } })
    const request: FileRequest = { job: archive.job, file: place, port: port2 }
    worker.postMessage(request, [port2])
    return { command, release: () => worker.terminate() }
  }
  const worker = await activeWorker()
  const id = crypto.randomUUID()
  const pings = setInterval(() => worker.postMessage("ping"), PING_MS)
  const frame = hiddenFrame()
  let late: ReturnType<typeof setTimeout> | undefined
  port.onmessage = ({ data }: MessageEvent<ZipEvent>) => {
    if (data.type === "ready") {
      // A link with the attribute `download` would bypass the worker.
      frame.src = SCOPE + id
      document.body.append(frame)
      late = setTimeout(() => {
        command("cancel")
        tell({ type: "not_started" })
      }, START_MS)
    }
    if (data.type === "began") clearTimeout(late)
    tell(data)
  }
  const request: ArchiveRequest = { id, ...archive, port: port2 }
  worker.postMessage(request, [port2])
  return {
    command,
    release() {
      clearInterval(pings)
      clearTimeout(late)
      frame.remove()
    },
  }
}

function hiddenFrame() {
  const frame = document.createElement("iframe")
  frame.hidden = true
  return frame
}

/** The service worker of this version, registered if necessary. */
async function activeWorker(): Promise<ServiceWorker> {
  const registration = await navigator.serviceWorker.register(pageData.zipWorker ?? "", {
    scope: SCOPE,
  })
  const worker = registration.installing ?? registration.waiting ?? registration.active
  if (!worker) throw new Error("the service worker was not registered")
  while (worker.state !== "activated") {
    if (worker.state === "redundant") throw new Error("the service worker was not installed")
    await new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }))
  }
  return worker
}

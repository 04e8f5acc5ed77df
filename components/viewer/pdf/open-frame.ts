import type { ViewerFiles } from "#lib/rooms/files/reads/own-scripts.ts"
import { element } from "../element.ts"
import type { Opening, Sketching, ToFrame, ToPage, Wanted } from "./frame-messages.ts"

/** The names of the files that PDF.js requests. */
const FILE = /^(cmaps|standard_fonts|wasm)\/[\w-]+\.(bcmap|pfb|wasm)$/

/** A frame for a PDF, which has no origin and no network, because PDF.js reads hostile files. */
export const pdfFrame = ({ frame: src }: ViewerFiles["pdf"], attributes: Record<string, string>) =>
  element("iframe", {
    ...attributes,
    sandbox: "allow-scripts",
    referrerpolicy: "no-referrer",
    src,
  })

type Bytes = Uint8Array<ArrayBuffer>

type PdfPage = {
  files: ViewerFiles["pdf"]
  signal: AbortSignal
  /** Reads bytes of the file; null if there are none. */
  read: (begin: number, end: number) => Promise<Bytes | null>
  /** Takes what the frame says. */
  hear: (message: Exclude<ToPage, Wanted>) => void
}

/**
 * Opens a PDF in a frame that was added to the document just now. The frame gets only bytes of this
 * file and of PDF.js. Returns the function that sends commands to it.
 */
export async function openFrame(
  frame: HTMLIFrameElement,
  opening: Omit<Opening, "worker"> | Omit<Sketching, "worker">,
  { files, signal, read, hear }: PdfPage,
) {
  const loaded = new Promise((resolve) => {
    frame.addEventListener("load", resolve, { once: true })
  })
  const [script] = await Promise.all([readFile(files.worker, signal), loaded])
  if (!script) throw new Error("the worker was not loaded")
  const { port1: port, port2 } = new MessageChannel()
  signal.addEventListener("abort", () => port.close())
  const tell = (message: ToFrame, transfer: Transferable[] = []) =>
    port.postMessage(message, transfer)
  const answer = async (ask: number, reading: Promise<Bytes | null>) => {
    const bytes = await reading.catch(() => null)
    if (bytes) tell({ answer: ask, bytes }, [bytes.buffer])
    else tell({ answer: ask, bytes: null })
  }
  port.onmessage = ({ data }: MessageEvent<ToPage>) => {
    if ("range" in data) void answer(data.ask, read(...data.range))
    else if ("file" in data) void answer(data.ask, readPdfFile(files.files, data.file, signal))
    else hear(data)
  }
  const worker = new Blob([script], { type: "text/javascript" })
  // The frame has no origin, so only "*" reaches it.
  frame.contentWindow?.postMessage({ ...opening, worker }, "*", [port2])
  return tell
}

const readPdfFile = async (folder: string, name: string, signal: AbortSignal) =>
  FILE.test(name) ? readFile(folder + name, signal) : null

async function readFile(url: string, signal: AbortSignal) {
  const response = await fetch(url, { signal })
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : null
}

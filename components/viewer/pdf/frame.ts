import {
  GlobalWorkerOptions,
  getDocument,
  PasswordException,
  PDFDataRangeTransport,
  type PDFDocumentProxy,
} from "pdfjs-dist/legacy/build/pdf.mjs"
import { element } from "../element.ts"
import type { Opening, Sketching } from "./frame-messages.ts"
import { listPages } from "./page-list.ts"
import { openPort, type PagePort } from "./page-port.ts"

// The script of the sandboxed frame that draws a PDF. It has no origin and no network: the page
// around it reads the file, and PDF.js's own files, and sends their bytes.

/** A file can keep PDF.js busy forever. Waiting for bytes does not count. */
const PATIENCE_SECONDS = 20

/** Images with more pixels are left out. */
const MAX_IMAGE_PIXELS = 100_000_000

/** The folders of the files that PDF.js requests. */
const FOLDERS = new Map([
  ["cMapUrl", "cmaps"],
  ["standardFontDataUrl", "standard_fonts"],
  ["wasmUrl", "wasm"],
])

addEventListener(
  "message",
  ({ source, data, ports: [port] }: MessageEvent<Opening | Sketching>) => {
    if (source === parent && port) void open(data, openPort(port))
  },
)

// No menu that saves or prints a page.
addEventListener("contextmenu", (event) => event.preventDefault())

async function open(opening: Opening | Sketching, port: PagePort) {
  const watched = watchdog(port)
  try {
    GlobalWorkerOptions.workerPort = new Worker(URL.createObjectURL(opening.worker))
    const task = getDocument({
      range: rangesOf(opening.size, port),
      disableAutoFetch: true,
      disableStream: true,
      useWorkerFetch: false,
      BinaryDataFactory: filesOf(port),
      maxImageSize: MAX_IMAGE_PIXELS,
      verbosity: 0,
    })
    const pdf = await watched(task.promise)
    if ("pixels" in opening) {
      return port.tell({ picture: await watched(sketch(pdf, opening.pixels)) })
    }
    document.documentElement.lang = opening.locale
    forwardKeys(port)
    const list = await watched(listPages(pdf, opening, port, watched))
    port.obey(list)
  } catch (error) {
    port.tell({ failed: error instanceof PasswordException ? "password" : "broken" })
  }
}

/** Draws the first page so that its longer side has this length. */
async function sketch(pdf: PDFDocumentProxy, pixels: number) {
  const page = await pdf.getPage(1)
  const { width, height } = page.getViewport({ scale: 1 })
  const viewport = page.getViewport({ scale: pixels / Math.max(width, height) })
  const canvas = element("canvas")
  canvas.width = Math.max(1, Math.round(viewport.width))
  canvas.height = Math.max(1, Math.round(viewport.height))
  // For a print, PDF.js does not wait for frames, of which a hidden tab has none.
  const task = page.render({ canvas, viewport, intent: "print" })
  // A page that takes long leaves time for the tab, which some browsers run in the same thread.
  task.onContinue = (next: () => void) => void setTimeout(next)
  await task.promise
  return createImageBitmap(canvas)
}

function rangesOf(size: number, port: PagePort) {
  const ranges = new PDFDataRangeTransport(size, null)
  ranges.requestDataRange = async (begin: number, end: number) => {
    const bytes = await port.ask({ range: [begin, end] })
    // Without bytes the page has shown the reason, and removes this frame.
    if (bytes) ranges.onDataRange(begin, bytes)
  }
  return ranges
}

const filesOf = (port: PagePort) =>
  class {
    async fetch({ kind, filename }: { kind: string; filename: string }) {
      const bytes = await port.ask({ file: `${FOLDERS.get(kind)}/${filename}` })
      if (!bytes) throw new Error(`there is no ${filename}`)
      return bytes
    }
  }

/** Returns a function that awaits work, and tells the page if it takes too long. */
function watchdog({ isWaiting, tell }: PagePort) {
  let running = 0
  // Ticks instead of a clock, which continues while the computer sleeps.
  let seconds = 0
  setInterval(() => {
    // PDF.js draws nothing in a hidden tab.
    const isBusy = running > 0 && !isWaiting() && !document.hidden
    seconds = isBusy ? seconds + 1 : 0
    if (seconds === PATIENCE_SECONDS) tell({ failed: "broken" })
  }, 1_000)
  return async <Result>(work: Promise<Result>): Promise<Result> => {
    running += 1
    seconds = 0
    try {
      return await work
    } finally {
      running -= 1
    }
  }
}

const KEYS = new Set(["Escape", "ArrowLeft", "ArrowRight", "+", "=", "-", "0"])

/** The viewer around the frame steps through files, zooms and closes by keys. */
function forwardKeys({ tell }: PagePort) {
  addEventListener("keydown", ({ key, target, altKey, ctrlKey, metaKey, shiftKey }) => {
    if (altKey || ctrlKey || metaKey || (shiftKey && key !== "+") || !KEYS.has(key)) return
    const scrolls = target instanceof Element && target.scrollWidth > target.clientWidth
    if (scrolls && key.startsWith("Arrow")) return
    tell({ key })
  })
}

import {
  type PDFDocumentProxy,
  type PDFPageProxy,
  RenderingCancelledException,
  type RenderTask,
} from "pdfjs-dist/legacy/build/pdf.mjs"
import { element } from "../element.ts"
import { drawWatermark } from "./draw-watermark.ts"
import type { Opening } from "./frame-messages.ts"
import type { PagePort } from "./page-port.ts"

/** The maximum number of listed pages, because a file can state any number. */
const MAX_PAGES = 5_000
/** Canvases with more pixels are not drawn by every browser; a page is drawn smaller instead. */
const MAX_PIXELS = 16_000_000
const MAX_SIDE = 8_192
/** Narrower or flatter pages are shown within this shape. */
const MOST_SHAPE = 20
/** The text of a page for screen readers is cut to this length. */
const MAX_LETTERS = 20_000

type PageView = {
  number: number
  box: HTMLElement
  /** Whether the page is in the view, or less than half a screen away from it. */
  isNear: boolean
  page: PDFPageProxy | null
  canvas: HTMLCanvasElement | null
  /** The width for which the canvas was drawn. */
  drawnWidth: number
  task: RenderTask | null
}

type Watched = <Result>(work: Promise<Result>) => Promise<Result>

/**
 * Lists the pages of a document, and draws those near the view, one at a time. The canvases of
 * others are freed. Returns the functions of the page's controls.
 */
export async function listPages(
  pdf: PDFDocumentProxy,
  { name, watermark, label, broken }: Opening,
  port: PagePort,
  watched: Watched,
) {
  const shape = shapeOf(await pdf.getPage(1))
  const listed = Math.min(pdf.numPages, MAX_PAGES)
  const scroller = element("div", { role: "region", tabindex: "0", "aria-label": name })
  // The viewer gives the focus to a new list, which shows the focus once a key is used in it.
  scroller.className = "pages is-new"
  addEventListener("keydown", () => scroller.classList.remove("is-new"), { once: true })
  scroller.style.setProperty("--shape", String(shape))
  const views = new Map<Element, PageView>()
  for (let number = 1; number <= listed; number += 1) {
    const text = label.replace("{at}", String(number))
    const box = element("div", { class: "page", role: "group", "aria-label": text })
    const fresh = { isNear: false, page: null, canvas: null, drawnWidth: 0, task: null }
    views.set(box, { number, box, ...fresh })
  }
  scroller.append(...views.keys())

  let queue = Promise.resolve()
  const enqueue = (view: PageView) => {
    queue = queue.then(() => watched(show(view)))
  }
  const show = async (view: PageView) => {
    if (!view.isNear || view.drawnWidth === view.box.clientWidth) return
    try {
      await draw(pdf, view, watermark)
    } catch (error) {
      if (!(error instanceof RenderingCancelledException)) view.box.textContent = broken
    }
  }
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const view = views.get(target)
        if (!view) continue
        view.isNear = isIntersecting
        if (isIntersecting) enqueue(view)
        else free(view)
      }
    },
    { root: scroller, rootMargin: "50% 0px" },
  )
  const drawAgain = () => {
    for (const view of views.values()) {
      if (!view.isNear || view.drawnWidth === view.box.clientWidth) continue
      view.task?.cancel()
      enqueue(view)
    }
  }

  let at = 0
  const sayPage = () => {
    const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest(".page")
    const number = middle ? views.get(middle)?.number : undefined
    if (number === undefined || number === at) return
    at = number
    port.tell({ at })
  }

  document.body.replaceChildren(scroller)
  addEventListener("focus", () => scroller.focus({ preventScroll: true }))
  port.tell({ listed, count: pdf.numPages })
  for (const box of views.keys()) near.observe(box)
  scroller.addEventListener("scroll", sayPage, { passive: true })
  new ResizeObserver(drawAgain).observe(scroller)
  sayPage()
  return {
    zoom(scale: number) {
      const { scrollTop, scrollLeft, scrollWidth, scrollHeight, clientWidth, clientHeight } =
        scroller
      // The middle of the view stays where it is.
      const x = (scrollLeft + clientWidth / 2) / scrollWidth
      const y = (scrollTop + clientHeight / 2) / scrollHeight
      scroller.style.setProperty("--zoom", String(scale))
      scroller.scrollTo({
        left: x * scroller.scrollWidth - clientWidth / 2,
        top: y * scroller.scrollHeight - clientHeight / 2,
      })
      drawAgain()
    },
    goTo: (number: number) => scroller.children[number - 1]?.scrollIntoView(),
  }
}

function shapeOf(page: PDFPageProxy) {
  const { width, height } = page.getViewport({ scale: 1 })
  return Math.min(MOST_SHAPE, Math.max(1 / MOST_SHAPE, width / height))
}

/** Draws a page as large as its box, and shows it with its text. Rejects if that is cancelled. */
async function draw(pdf: PDFDocumentProxy, view: PageView, watermark: string | null) {
  const page = await pdf.getPage(view.number)
  view.page = page
  const { box } = view
  box.style.setProperty("--shape", String(shapeOf(page)))
  const { clientWidth, clientHeight } = box
  const { width, height } = page.getViewport({ scale: 1 })
  const fitting = Math.min(clientWidth / width, clientHeight / height)
  const scale = Math.min(
    fitting * devicePixelRatio,
    Math.sqrt(MAX_PIXELS / (width * height)),
    MAX_SIDE / Math.max(width, height),
  )
  const canvas = element("canvas", { "aria-hidden": "true" })
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  try {
    view.task = page.render({ canvas, viewport: page.getViewport({ scale }) })
    await view.task.promise
    if (watermark) drawWatermark(canvas, watermark, scale / fitting)
    const text = element("p", { dir: "auto" }, await readText(page).catch(() => ""))
    if (!view.isNear) return
    drop(view.canvas)
    view.canvas = canvas
    view.drawnWidth = clientWidth
    box.replaceChildren(canvas, text)
  } finally {
    view.task = null
    if (view.canvas !== canvas) drop(canvas)
    if (!view.isNear) page.cleanup()
  }
}

/** The beginning of the text of a page. */
async function readText(page: PDFPageProxy) {
  const reader = page.streamTextContent().getReader()
  let text = ""
  while (text.length < MAX_LETTERS) {
    const { done, value } = await reader.read()
    if (done) break
    for (const item of value.items) text += item.str + (item.hasEOL ? "\n" : "")
  }
  await reader.cancel()
  return text.slice(0, MAX_LETTERS)
}

/** Frees the memory of a page that is no longer near the view. */
function free(view: PageView) {
  view.task?.cancel()
  view.page?.cleanup()
  drop(view.canvas)
  view.canvas = null
  view.drawnWidth = 0
  view.box.replaceChildren()
}

/** Frees a canvas's memory now: browsers wait for their garbage collection. */
function drop(canvas: HTMLCanvasElement | null) {
  if (canvas) canvas.width = 0
}

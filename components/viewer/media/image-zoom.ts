const STEP = 1.5
const MAX_SCALE = 10

type Point = { x: number; y: number }

/** The functions of the zoom buttons. */
type Zoom = {
  larger: () => void
  smaller: () => void
  /** Shows the whole image again. */
  reset: () => void
  scale: () => number
}

/**
 * Zooms an image by pinch, wheel, double click and keys, and moves an enlarged one by dragging. The
 * frame has `data-zoomed` while it is enlarged, so that a drag does not count as a swipe.
 */
export function makeZoomable(frame: HTMLElement, image: HTMLElement, signal: AbortSignal): Zoom {
  let scale = 1
  let at: Point = { x: 0, y: 0 }
  const pointers = new Map<number, Point>()

  const draw = () => {
    // Limits the movement: the image's centre never leaves the frame.
    const reach = (size: number) => (size * (scale - 1)) / 2
    const limitX = reach(frame.clientWidth)
    const limitY = reach(frame.clientHeight)
    at = { x: clamp(at.x, -limitX, limitX), y: clamp(at.y, -limitY, limitY) }
    image.style.transform = scale === 1 ? "" : `translate(${at.x}px,${at.y}px) scale(${scale})`
    frame.toggleAttribute("data-zoomed", scale > 1)
  }
  /** Changes the scale so that this point of the frame, relative to its centre, stays in place. */
  const zoomTo = (wanted: number, around: Point = { x: 0, y: 0 }) => {
    const next = clamp(wanted, 1, MAX_SCALE)
    const ratio = next / scale
    at = { x: around.x - (around.x - at.x) * ratio, y: around.y - (around.y - at.y) * ratio }
    scale = next
    draw()
  }
  const fromMiddle = ({ x, y }: Point): Point => {
    const box = frame.getBoundingClientRect()
    return { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 }
  }

  const press = (event: PointerEvent) => {
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY })
    if (scale > 1 || pointers.size > 1) frame.setPointerCapture(event.pointerId)
  }
  const move = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId)
    if (!before) return
    const now = { x: event.clientX, y: event.clientY }
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1]
    pointers.set(event.pointerId, now)
    if (other) {
      zoomTo((scale * distance(now, other)) / (distance(before, other) || 1), fromMiddle(other))
      // Two fingers do not count as a swipe, even if the image is not enlarged.
      frame.toggleAttribute("data-zoomed", true)
    } else if (scale > 1) {
      at = { x: at.x + now.x - before.x, y: at.y + now.y - before.y }
      draw()
    }
  }
  const release = ({ pointerId }: PointerEvent) => {
    pointers.delete(pointerId)
    if (pointers.size === 0) setTimeout(draw)
  }
  const wheel = (event: WheelEvent) => {
    event.preventDefault()
    zoomTo(
      scale * Math.exp(-event.deltaY / 300),
      fromMiddle({ x: event.clientX, y: event.clientY }),
    )
  }
  const doubleClick = (event: MouseEvent) =>
    zoomTo(scale > 1 ? 1 : 2.5, fromMiddle({ x: event.clientX, y: event.clientY }))

  const larger = () => zoomTo(scale * STEP)
  const smaller = () => zoomTo(scale / STEP)
  const reset = () => zoomTo(1)
  const key = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
    if (ctrlKey || metaKey || altKey) return
    if (key === "+" || key === "=") larger()
    if (key === "-") smaller()
    if (key === "0") reset()
  }

  frame.addEventListener("pointerdown", press, { signal })
  frame.addEventListener("pointermove", move, { signal })
  for (const end of ["pointerup", "pointercancel"] as const) {
    frame.addEventListener(end, release, { signal })
  }
  frame.addEventListener("wheel", wheel, { signal, passive: false })
  frame.addEventListener("dblclick", doubleClick, { signal })
  document.addEventListener("keydown", key, { signal })
  addEventListener("resize", draw, { signal })
  return { larger, smaller, reset, scale: () => Math.round(scale * 100) / 100 }
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value))

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y)

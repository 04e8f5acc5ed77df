const FAR_ENOUGH = 56

/** Calls `onSwipe` with 1 for a swipe to the left, -1 for one to the right. */
export function watchSwipes(area: HTMLElement, onSwipe: (towards: 1 | -1) => void) {
  let start: { id: number; x: number; y: number } | null = null
  let fingers = 0
  area.addEventListener("pointerdown", ({ pointerType, pointerId: id, clientX: x, clientY: y }) => {
    if (pointerType === "mouse") return
    fingers += 1
    start = fingers === 1 ? { id, x, y } : null
  })
  area.addEventListener("pointerup", (event) => {
    const from = start
    leave(event)
    if (!from || event.pointerId !== from.id || isMoved(event.target)) return
    const x = event.clientX - from.x
    const isSideways =
      Math.abs(x) > FAR_ENOUGH && Math.abs(x) > 1.5 * Math.abs(event.clientY - from.y)
    if (isSideways) onSwipe(x < 0 ? 1 : -1)
  })
  area.addEventListener("pointercancel", leave)

  function leave({ pointerType }: PointerEvent) {
    if (pointerType === "mouse") return
    fingers = Math.max(0, fingers - 1)
    start = null
  }
}

/** Whether a drag on this target moves an enlarged image, or belongs to a player. */
const isMoved = (target: EventTarget | null) =>
  target instanceof Element && target.closest("[data-zoomed], video, audio") !== null

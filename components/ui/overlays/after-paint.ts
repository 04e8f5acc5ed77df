/** Runs it after the next paint: a click that opens something large is answered first. */
export function afterPaint(act: () => void) {
  requestAnimationFrame(() => setTimeout(act))
}

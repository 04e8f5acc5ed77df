/**
 * Runs it after the next paint: a click on a button that opens something large is answered on the
 * screen before.
 */
export function afterPaint(act: () => void) {
  requestAnimationFrame(() => setTimeout(act))
}

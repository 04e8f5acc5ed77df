/**
 * Runs `act` after the next paint, so that a click that opens something large gets visible feedback
 * first.
 */
export function afterPaint(act: () => void) {
  requestAnimationFrame(() => setTimeout(act))
}

/** Runs `act` after the next paint, so that slow work does not delay what a click shows. */
export function afterPaint(act: () => void) {
  requestAnimationFrame(() => setTimeout(act))
}

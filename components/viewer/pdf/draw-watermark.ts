const ANGLE = (-28 * Math.PI) / 180
const ROW = 75
const GAP = 70

/**
 * Draws a text repeatedly across a canvas. `ratio` is the number of canvas pixels per CSS pixel.
 */
export function drawWatermark(canvas: HTMLCanvasElement, text: string, ratio: number) {
  const context = canvas.getContext("2d")
  if (!context) throw new Error("the canvas cannot be drawn on")
  const [width, height] = [canvas.width / ratio, canvas.height / ratio]
  context.save()
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.rotate(ANGLE)
  context.globalAlpha = 1
  context.globalCompositeOperation = "source-over"
  context.font = "600 15px system-ui, sans-serif"
  context.textAlign = "center"
  context.fillStyle = "rgb(0 0 0 / 0.17)"
  context.strokeStyle = "rgb(255 255 255 / 0.25)"
  context.lineWidth = 1.5
  const step = context.measureText(text).width + GAP
  const reach = Math.hypot(width, height)
  for (let row = 0; row * ROW < 2 * reach; row += 1) {
    const y = row * ROW - reach
    for (let x = -reach + (row % 2) * (step / 2); x < reach; x += step) {
      const left = x * Math.cos(ANGLE) - y * Math.sin(ANGLE)
      const top = x * Math.sin(ANGLE) + y * Math.cos(ANGLE)
      if (Math.abs(left - width / 2) > width / 2 + step) continue
      if (Math.abs(top - height / 2) > height / 2 + step) continue
      context.strokeText(text, x, y)
      context.fillText(text, x, y)
    }
  }
  context.restore()
}

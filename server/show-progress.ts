// hasColors() is false with NO_COLOR and on a dumb terminal.
const isPretty = process.stdout.isTTY && process.stdout.hasColors()
const FRAMES = ["○", "◔", "◑", "◕", "●"]

/** Shows the steps of the start: on a terminal as one redrawn line, else a line each. */
export function createProgress() {
  let current: { line: string; since: number; detail?: string } | undefined
  let frame = 0
  const draw = () => {
    if (!current) return
    const seconds = Math.round((Date.now() - current.since) / 1000)
    const mark = FRAMES[frame++ % FRAMES.length]
    const detail = current.detail ? ` (${current.detail})` : ""
    const time = seconds > 1 ? ` ${seconds} s` : ""
    process.stdout.write(`\r\x1b[2K  ${mark} ${current.line}${detail}${time}`)
  }
  const timer = isPretty ? setInterval(draw, 200) : undefined
  timer?.unref()

  const finish = () => {
    if (!current) return
    const seconds = (Date.now() - current.since) / 1000
    if (isPretty) process.stdout.write("\r\x1b[2K")
    if (isPretty && seconds >= 1) console.log(`  ✓ ${current.line} ${seconds.toFixed(1)} s`)
    current = undefined
  }

  return {
    say(line: string) {
      finish()
      current = { line, since: Date.now() }
      if (isPretty) draw()
      else console.log(`${line} …`)
    },
    detail(detail: string) {
      if (!current) return
      current.detail = detail
      if (!isPretty) console.log(`${current.line}: ${detail} …`)
    },
    done() {
      finish()
      clearInterval(timer)
    },
  }
}

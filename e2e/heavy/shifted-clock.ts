import { spawnSync } from "node:child_process"

/**
 * The environment of a process whose clock is off by so many minutes: every clock of the process but
 * the monotonic one where Debian's `faketime` is installed, else that of its JavaScript.
 */
export function shiftedClock(minutes: number): Record<string, string> {
  const { stdout } = spawnSync("faketime", ["-f", "+0s", "env"], { encoding: "utf8" })
  const [, library] = /^LD_PRELOAD=(.+)$/m.exec(stdout ?? "") ?? []
  if (!library) return { NODE_OPTIONS: `--import ${shiftedDate(minutes * 60_000)}` }
  const offset = `${minutes < 0 ? "" : "+"}${minutes * 60}s`
  return { LD_PRELOAD: library, FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: "1" }
}

// Its own properties are those of Date: Next copies them.
const shiftedDate = (ms: number) =>
  `data:text/javascript,${encodeURIComponent(`
    const { now, parse, UTC } = Date
    globalThis.Date = class extends Date {
      constructor(...given) {
        super(...(given.length > 0 ? given : [now() + ${ms}]))
      }
      static parse = parse
      static UTC = UTC
      static now() {
        return now() + ${ms}
      }
    }`)}`

import { spawnSync } from "node:child_process"
import { MINUTE } from "./units.ts"

/**
 * The environment of a process whose clock is off by this many minutes: every clock of the process
 * except the monotonic one if Debian's `faketime` is installed, else only JavaScript's.
 */
export function shiftedClock(minutes: number): Record<string, string> {
  const { stdout } = spawnSync("faketime", ["-f", "+0s", "env"], { encoding: "utf8" })
  const [, library] = /^LD_PRELOAD=(.+)$/m.exec(stdout ?? "") ?? []
  if (!library) return { NODE_OPTIONS: `--import ${shiftedDate(minutes * MINUTE)}` }
  const offset = `${minutes < 0 ? "" : "+"}${minutes * 60}s`
  return { LD_PRELOAD: library, FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: "1" }
}

// Has the own properties of Date, because Next copies them.
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

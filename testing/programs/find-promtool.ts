import { findProgram } from "./find-program.ts"

/** This machine's promtool of Prometheus, or the reason why its tests are skipped. */
export function findPromtool() {
  const promtool = findProgram(["promtool"])
  const reason = "promtool is not on this machine: Debian's package prometheus brings it"
  return promtool ? { promtool } : { reason }
}

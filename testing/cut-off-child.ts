// Runs a cut off as a process of its own: node testing/cut-off-child.ts ID STEP. It kills itself
// before that step, a statement or a request to the store, as kill -9 would; without one it says how
// many steps there were.
import { S3Client } from "@aws-sdk/client-s3"
import pg from "pg"

const [id = "", step = "Infinity"] = process.argv.slice(2)
let steps = 0

function countStep() {
  steps++
  if (steps === Number(step)) process.kill(process.pid, "SIGKILL")
}

const counting = <Function extends (...args: never[]) => unknown>(original: Function) =>
  function (this: unknown, ...args: never[]) {
    countStep()
    return Reflect.apply(original, this, args)
  } as Function

pg.Client.prototype.query = counting(pg.Client.prototype.query)
S3Client.prototype.send = counting(S3Client.prototype.send)
globalThis.fetch = counting(globalThis.fetch)

const { usableColours } = await import("#lib/colours.ts")
const { runCutOff } = await import("#lib/cut-offs/run-cut-off.ts")
await usableColours() // as at every start
steps = 0
await runCutOff(id)
process.send?.({ steps })
process.exit(0)

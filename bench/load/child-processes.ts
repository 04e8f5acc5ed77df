import { type ChildProcess, fork } from "node:child_process"
import path from "node:path"
import type { Load, LoadResult } from "./load.ts"

const children: ChildProcess[] = []

/** Starts the load generator as a separate process; the returned function runs one load. */
export function startLoad() {
  const child = startChild("load.ts")
  const answer = answersOf<LoadResult>(child)
  return async (load: Load) => {
    child.send(load)
    const result = await answer()
    const { times, sample } = result
    if (load.status && Object.keys(times).some((status) => status !== load.status))
      throw new Error(`Not only ${load.status}: ${JSON.stringify(times)}\n${sample.slice(0, 1000)}`)
    return result
  }
}

/** Starts a program of this folder as a separate process. */
export function startChild(program: string) {
  const hook = path.join(import.meta.dirname, "../../server/server-only.mjs")
  const child = fork(path.join(import.meta.dirname, program), [], {
    execArgv: ["--import", hook],
  })
  children.push(child)
  return child
}

/** Waits for the next message of a child; a child that ends is an error. */
export function answersOf<Message>(child: ChildProcess) {
  let fail = (_error: Error) => {}
  child.once("exit", (code) => fail(new Error(`A process of the bench ended with ${code}.`)))
  return () =>
    new Promise<Message>((resolve, reject) => {
      fail = reject
      child.once("message", (message: Message) => resolve(message))
    })
}

/** Ends all processes of `startChild` and `startLoad`, the last one first. */
export async function stopChildren() {
  for (const child of children.splice(0).reverse()) {
    if (child.exitCode !== null) continue
    child.removeAllListeners("exit")
    const ended = new Promise((resolve) => child.once("exit", resolve))
    child.kill("SIGTERM")
    await ended
  }
}

import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"

let home = ""
let running: ChildProcess[] = []

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "lapse-kept-"))
})

afterEach(async () => {
  for (const process of running) process.kill("SIGKILL")
  running = []
  await rm(home, { recursive: true })
})

/** Says that it has the progress and whether another has it too, and ends when its input does. */
const PROGRAM = `
  import { rmSync, writeFileSync } from "node:fs"
  import { syncBuiltinESMExports } from "node:module"
  import os from "node:os"
  const { USER_HOME } = process.env
  if (USER_HOME) os.userInfo = () => ({ homedir: USER_HOME })
  syncBuiltinESMExports()
  const { keptProgress } = await import(process.env.KEPT)
  await keptProgress("send", [process.env.LINK])
  const mark = process.env.ALONE + "/alone"
  try { writeFileSync(mark, "", { flag: "wx" }) } catch { console.log("not alone") }
  console.log("has it")
  if (process.env.IS_BRIEF) { setTimeout(() => { rmSync(mark); process.exit() }, 50) }
  else process.stdin.resume().on("end", () => { rmSync(mark); process.exit() })
`

function command(link: string, more: Record<string, string> = {}) {
  const process_ = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM], {
    env: {
      ...process.env,
      KEPT: new URL("./kept.ts", import.meta.url).href,
      XDG_STATE_HOME: home,
      ALONE: home,
      LINK: link,
      ...more,
    },
  })
  running.push(process_)
  let out = ""
  for (const stream of [process_.stdout, process_.stderr])
    stream.on("data", (bytes) => {
      out += bytes
    })
  const says = (words: string) => expect.poll(() => out, { timeout: 20_000 }).toContain(words)
  return { process: process_, says, said: () => out }
}

it("an empty HOME does not make the working directory the home folder", async () => {
  const first = command("r/photos", { HOME: "", XDG_STATE_HOME: "", USER_HOME: home })
  await first.says("has it")
  expect(await readdir(path.join(home, ".local/state/lapse"))).toHaveLength(1)
  expect(await readdir(process.cwd())).not.toContain(".local")
})

describe("the progress of a command", () => {
  it("is one process's at a time; another of the same link waits and says for whom", async () => {
    const first = command("r/photos")
    await first.says("has it")
    const second = command("r/photos")
    await second.says(`Waits for process ${first.process.pid}, which runs lapse send`)
    expect(second.said()).not.toContain("has it")
    first.process.stdin.end()
    await second.says("has it")
    expect(second.said()).not.toContain("not alone")
    second.process.stdin.end()
    await once(second.process, "exit")
    expect(await readdir(path.join(home, "lapse"))).toEqual([])
  })

  it("is taken over from a process that was killed, by one of many that wait", async () => {
    const first = command("r/photos")
    await first.says("has it")
    const others = Array.from({ length: 4 }, () => command("r/photos", { IS_BRIEF: "1" }))
    for (const other of others) await other.says("Waits for process")
    await rm(path.join(home, "alone"))
    first.process.kill("SIGKILL")

    for (const other of others) await other.says("has it")
    expect(others.map(({ said }) => said()).join()).not.toContain("not alone")
  })

  it("is taken over at once by who comes after a kill", async () => {
    const first = command("r/photos")
    await first.says("has it")
    first.process.kill("SIGKILL")
    await once(first.process, "exit")

    const second = command("r/photos")
    await second.says("has it")
    expect(second.said()).not.toContain("Waits")
  })

  it.runIf(process.env.HEAVY)(
    "is taken over from a process that was stopped, which ends when it goes on",
    async () => {
      const first = command("r/photos")
      await first.says("has it")
      first.process.kill("SIGSTOP")
      await rm(path.join(home, "alone"))

      const second = command("r/photos")
      await expect.poll(second.said, { timeout: 60_000 }).toContain("has it")
      first.process.kill("SIGCONT")
      await first.says("Another process goes on")
      second.process.stdin.end()
      await once(second.process, "exit")
      expect(second.said()).not.toContain("not alone")
    },
  )
})

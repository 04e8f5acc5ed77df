import { spawn } from "node:child_process"
import { once } from "node:events"
import fs from "node:fs"
import path from "node:path"
import { expect, it, onTestFinished } from "vitest"
import { mountSmallDisk, noSmallDisk } from "#testing/small-disk.ts"

const reason = noSmallDisk()
const log = JSON.stringify(path.join(import.meta.dirname, "../../lib/adapters/monitoring/log.ts"))
const program = `
  const { log } = await import(${log})
  for (let n = 0; n < 20; n++) {
    log.info("x".repeat(10_000))
    console.log("x".repeat(10_000))
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  process.send("it works on")
  process.disconnect()`

it.skipIf(reason)(
  `a log on a full disk ends no process${reason ? ` (${reason})` : ""}`,
  async () => {
    const disk = mountSmallDisk(1024 ** 2)
    const file = fs.openSync(path.join(disk.path, "lapse.log"), "a")
    try {
      disk.leave(0)
      const child = spawn(
        process.execPath,
        [
          "--import",
          path.join(import.meta.dirname, "../server-only.mjs"),
          "--input-type=module",
          "--eval",
          program,
        ],
        { stdio: ["ignore", file, file, "ipc"] },
      )
      onTestFinished(() => void child.kill("SIGKILL"))
      const said: unknown[] = []
      child.on("message", (message) => said.push(message))
      expect(await once(child, "exit")).toEqual([0, null])
      expect(said).toEqual(["it works on"])
    } finally {
      fs.closeSync(file)
      disk.remove()
    }
  },
)

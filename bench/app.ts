import { spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import net from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"

/** Lapse as `npm start` runs it, in processes of its own, on free ports and data of its own. */
export async function startApp(env: Record<string, string> = {}) {
  const directory = mkdtempSync(path.join(tmpdir(), "lapse-bench-"))
  const [port, storePort] = [await freePort(), await freePort()]
  const program = path.join(import.meta.dirname, "../bin/start.mjs")
  const child = spawn(process.execPath, [program, "--no-env-file"], {
    env: {
      ...process.env,
      DATABASE_URL: "",
      S3_BUCKET: "",
      APP_URL: `http://localhost:${port}`,
      PORT: String(port),
      LOCAL_S3_PORT: String(storePort),
      LAPSE_DATA_DIR: directory,
      ...env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  })
  async function stop() {
    child.removeAllListeners("exit")
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve))
      child.kill("SIGTERM")
      await ended
    }
    rmSync(directory, { recursive: true, force: true })
  }
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (text.includes("ready at")) resolve()
      else process.stdout.write(text)
    })
    child.once("exit", (code) => reject(new Error(`The app ended with ${code}.`)))
  })
  try {
    await ready
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: `http://localhost:${port}`,
    port,
    storeUrl: `http://localhost:${storePort}`,
    directory,
    /** One of the secrets it generated. */
    secret: (name: string) => readFileSync(path.join(directory, "secrets", name), "utf8").trim(),
    /** A number of its own metrics, by name. */
    async metric(name: string) {
      const text = await (await fetch(`http://localhost:${port}/metrics`)).text()
      return Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1])
    },
    stop,
  }
}

function freePort() {
  return new Promise<number>((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0))
    })
  })
}

export function median(values: number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}

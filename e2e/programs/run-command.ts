import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"

export type Command = Awaited<ReturnType<typeof installCommand>>

async function readKept(folder: string) {
  const names = await readdir(folder).catch(() => [])
  const texts = names.map((name) => readFile(path.join(folder, name), "utf8").catch(() => ""))
  return (await Promise.all(texts)).join("")
}

async function forgetIn(folder: string, field: string) {
  for (const name of (await readdir(folder)).filter((name) => name.endsWith(".json"))) {
    const file = path.join(folder, name)
    const left = JSON.parse(await readFile(file, "utf8"), (name, value) =>
      name === field ? undefined : value,
    )
    await writeFile(file, JSON.stringify(left))
  }
}

type Ended = { code: number | null; out: string; err: string }

/** Downloads the command of an installation into a folder of its own, as its users do. */
export async function installCommand(url: string, env: Record<string, string> = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), "lapse-command-"))
  const script = Buffer.from(await (await fetch(`${url}/cli`)).arrayBuffer())
  const digest = createHash("sha256").update(script).digest("hex")
  const stated = await (await fetch(`${url}/cli.sha256`)).text()
  if (stated !== `${digest}  lapse\n`) throw new Error("the stated SHA-256 is another")
  const file = path.join(folder, "lapse")
  await writeFile(file, script)
  const environment: NodeJS.ProcessEnv = {
    NODE_ENV: "production",
    PATH: process.env.PATH,
    HOME: folder,
    XDG_STATE_HOME: path.join(folder, "state"),
    XDG_CONFIG_HOME: path.join(folder, "config"),
    ...env,
  }

  /** Starts the command without a terminal. */
  function start(args: string[]) {
    const child = spawn(process.execPath, [file, ...args], { cwd: folder, env: environment })
    const said = { out: "", err: "" }
    child.stdout.on("data", (text) => {
      said.out += text
    })
    child.stderr.on("data", (text) => {
      said.err += text
    })
    const ended = new Promise<Ended>((resolve) =>
      child.once("close", (code) => resolve({ code, ...said })),
    )
    return {
      said,
      ended,
      input: (text: string) => child.stdin.end(text),
      /** The state that the command stored to resume later. */
      kept: () => readKept(path.join(folder, "state/lapse")),
      kill: () => child.kill("SIGKILL"),
    }
  }

  return {
    folder,
    start,
    run: (...args: string[]) => start(args).ended,
    /** Removes a field of what it has kept, as a kill before that was kept does. */
    forget: (field: string) => forgetIn(path.join(folder, "state/lapse"), field),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

import { format } from "node:util"
import { vi } from "vitest"

const isOfApp = (name: string) => name.startsWith("lapse")

function takeGlobals() {
  const names = Object.keys(globalThis).filter(isOfApp)
  const taken = names.map((name) => [name, Reflect.get(globalThis, name)] as const)
  for (const name of names) Reflect.deleteProperty(globalThis, name)
  return taken
}

/**
 * Runs one `lapse` command like `runLapse`, but in this process, because starting another takes
 * longer. Each run loads the sources again, because they read the settings once. Only one run at a
 * time.
 */
export async function runLapseHere(args: string[], settings: Record<string, string> = {}) {
  const { env, argv } = process
  const directory = process.cwd()
  const globals = takeGlobals()
  let said = ""
  const say = (...values: unknown[]) => {
    said += `${format(...values)}\n`
  }
  const spies = (["log", "error", "warn"] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation(say),
  )
  process.env = { NODE_ENV: "production", PATH: env.PATH, ...settings }
  process.argv = [process.execPath, "lapse", "--no-env-file", ...args]
  vi.resetModules()
  try {
    const { runCommandLine } = await import("#server/command-line.ts")
    const code = await runCommandLine()
    return { code, said }
  } finally {
    vi.resetModules()
    process.env = env
    process.argv = argv
    process.chdir(directory)
    for (const spy of spies) spy.mockRestore()
    takeGlobals()
    for (const [name, value] of globals) Reflect.set(globalThis, name, value)
  }
}

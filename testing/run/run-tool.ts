import { type ChildProcess, spawn } from "node:child_process"
import path from "node:path"

export const root = path.join(import.meta.dirname, "../..")
const bin = path.join(root, "node_modules/.bin")

type ToolOptions = { env?: Record<string, string>; quiet?: boolean }

/** The output of a part of the tests and of its tools. */
export type Output = {
  say: (line: string) => void
  /** Runs a tool of node_modules/.bin; resolves to its exit code. `quiet` drops its stdout. */
  runTool: (tool: string, args: string[], options?: ToolOptions) => Promise<number>
}

/** Creates an output that writes to the terminal at once. */
export function directOutput(): Output {
  return {
    say: (line) => console.log(`${line} …`),
    runTool: (tool, args, options = {}) => exitOf(spawnTool(tool, args, options, "inherit")),
  }
}

/** Creates an output that is buffered until `print`, so that parallel parts do not mix. */
export function heldOutput(): Output & { print: () => void } {
  const held: string[] = []
  return {
    say: (line) => held.push(`${line} …\n`),
    runTool: (tool, args, options = {}) => {
      const child = spawnTool(tool, args, options, "pipe")
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding("utf8").on("data", (text: string) => held.push(text))
      }
      return exitOf(child)
    },
    print: () => process.stdout.write(held.join("")),
  }
}

function spawnTool(
  tool: string,
  args: string[],
  { env = {}, quiet = false }: ToolOptions,
  stdio: "inherit" | "pipe",
) {
  const child = spawn(path.join(bin, tool), args, {
    cwd: root,
    stdio: ["ignore", quiet ? "ignore" : stdio, stdio],
    env: { ...process.env, ...env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
  })
  process.once("SIGTERM", () => child.kill())
  return child
}

function exitOf(child: ChildProcess) {
  return new Promise<number>((resolve) => {
    child.once("error", () => resolve(1))
    child.once("close", (code) => resolve(code ?? 1))
  })
}

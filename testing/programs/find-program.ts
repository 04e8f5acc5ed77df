import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import path from "node:path"

/** The path of the first of these programs that is on the PATH and runs. */
export function findProgram(names: string[]): string | undefined {
  return (process.env.PATH ?? "")
    .split(path.delimiter)
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find((program) => existsSync(program) && runs(program))
}

/** Whether a program is on this machine. */
export const runs = (program: string) =>
  spawnSync(program, ["--version"], { stdio: "ignore", timeout: 30_000 }).status === 0

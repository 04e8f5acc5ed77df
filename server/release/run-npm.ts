import { type SpawnSyncOptions, spawnSync } from "node:child_process"

/** Runs the npm that started this process, or the one on the PATH. */
export function runNpm(args: string[], options: SpawnSyncOptions) {
  const cli = process.env.npm_execpath
  const [npm = "", ...first] = cli?.endsWith(".js") ? [process.execPath, cli] : ["npm"]
  return spawnSync(npm, [...first, ...args], { maxBuffer: 2 ** 28, ...options })
}

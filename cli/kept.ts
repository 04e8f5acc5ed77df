import { createHash } from "node:crypto"
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { homedir, userInfo } from "node:os"
import path from "node:path"
import { codeOf, EXIT, Failure } from "./failure.ts"
import { holdLock } from "./file-lock.ts"

const folderOf = (variable: "XDG_CONFIG_HOME" | "XDG_STATE_HOME", standard: string) => {
  const given = process.env[variable]
  const base = given && path.isAbsolute(given) ? given : path.join(homeFolder(), standard)
  return path.join(base, "lapse")
}

/** An empty HOME would be the working directory. */
function homeFolder(): string {
  const home = homedir() || userInfo().homedir
  if (path.isAbsolute(home)) return home
  throw new Failure(EXIT.usage, "There is no home folder: set HOME, or XDG_STATE_HOME.")
}

const configFile = () => path.join(folderOf("XDG_CONFIG_HOME", ".config"), "installations.json")

/** A JSON file that only this user can read. */
function keptFile<Value>(file: () => string) {
  let writing = Promise.resolve()
  return {
    async read(): Promise<Value | null> {
      try {
        return JSON.parse(await readFile(file(), "utf8"))
      } catch (error) {
        if (error instanceof SyntaxError || codeOf(error) === "ENOENT") return null
        throw new Failure(EXIT.missing, `${file()} cannot be read (${codeOf(error)}).`)
      }
    },
    /**
     * Replaces the file in one step, so that a crash leaves the old or the new one, after the writes
     * that were asked for before.
     */
    write(value: Value): Promise<void> {
      writing = writing.then(async () => {
        const name = file()
        await mkdir(path.dirname(name), { recursive: true, mode: 0o700 })
        await writeFile(`${name}.new`, JSON.stringify(value), { mode: 0o600 })
        await rename(`${name}.new`, name)
      })
      return writing
    },
    remove: () => rm(file(), { force: true }),
  }
}

export type Kept<Value> = ReturnType<typeof keptFile<Value>>

/** The installations that this user is signed in to, and their tokens by address. */
type Installations = { current: string; tokens: Record<string, string> }

export const installations: Kept<Installations> = keptFile(configFile)

/**
 * The file with the progress of an interrupted command, found again by the same words. It is this
 * process's alone: waits for the end of another that has it.
 */
export async function keptProgress<Value>(
  command: string,
  words: readonly unknown[],
): Promise<Kept<Value>> {
  const digest = createHash("sha256").update(JSON.stringify(words)).digest("hex").slice(0, 32)
  const name = path.join(folderOf("XDG_STATE_HOME", ".local/state"), `${command}-${digest}`)
  await holdLock(`${name}.lock`, `lapse ${command} for the same link or files`)
  return keptFile(() => `${name}.json`)
}

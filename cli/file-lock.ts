import { randomUUID } from "node:crypto"
import { readFileSync, rmSync } from "node:fs"
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises"
import { hostname } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { codeOf, EXIT } from "./failure.ts"
import { say } from "./terminal.ts"

/** How often a process touches its lock, and how often another looks at it. */
const TOUCH_MS = 5_000
const LOOK_MS = 200
/** After this many looks at a lock that nobody touched, its process counts as dead. */
const LOOKS = 30_000 / LOOK_MS

/** This process, as its locks name it. In another container its id may be another process's. */
const SELF = `${process.pid} ${hostname()} ${randomUUID()}`

/**
 * Waits until no other process holds the lock, and holds it until this process ends. The lock of a
 * process that was killed is taken over. A process that was stopped for longer loses its lock, and
 * ends when it goes on. `what` is told to the person who has to wait.
 */
export async function holdLock(name: string, what: string): Promise<void> {
  await mkdir(path.dirname(name), { recursive: true, mode: 0o700 })
  let [seen, looks, isSaid] = ["", 0, false]
  while (!(await take(name))) {
    const holder = await contentOf(name)
    if (holder === SELF) return
    if (holder === null) continue
    const look = `${holder} ${(await stat(name).catch(() => null))?.mtimeMs}`
    looks = look === seen ? looks + 1 : 0
    seen = look
    if (wasKilled(holder) || looks === LOOKS) await removeLockOf(name, holder)
    else {
      if (!isSaid && holder) say(`Waits for process ${pidOf(holder)}, which runs ${what}.`)
      isSaid ||= holder !== ""
      await sleep(LOOK_MS)
    }
  }
  setInterval(() => touch(name), TOUCH_MS).unref()
  process.once("exit", () => {
    try {
      if (readFileSync(name, "utf8") === SELF) rmSync(name)
    } catch {
      // It is gone already.
    }
  })
}

async function take(name: string): Promise<boolean> {
  try {
    await writeFile(name, SELF, { flag: "wx", mode: 0o600 })
    return true
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false
    throw error
  }
}

const pidOf = (holder: string) => holder.split(" ")[0] ?? ""

function wasKilled(holder: string): boolean {
  if (holder.split(" ")[1] !== hostname()) return false
  try {
    process.kill(Number(pidOf(holder)), 0)
    return false
  } catch (error) {
    return codeOf(error) === "ESRCH"
  }
}

/** Removes a dead process's lock. Puts back what another process has taken meanwhile. */
async function removeLockOf(name: string, holder: string) {
  const moved = `${name}.${randomUUID()}`
  try {
    await rename(name, moved)
  } catch {
    return // another process removed it
  }
  if ((await contentOf(moved)) !== holder) await link(moved, name).catch(() => {})
  await rm(moved, { force: true })
}

async function touch(name: string) {
  const holder = await contentOf(name)
  if (holder === SELF) return utimes(name, new Date(), new Date()).catch(() => {})
  if (holder === null) return // somebody has emptied the folder
  say("Another process goes on with this command.")
  process.exit(EXIT.failed)
}

async function contentOf(name: string): Promise<string | null> {
  try {
    return await readFile(name, "utf8")
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null
    throw error
  }
}

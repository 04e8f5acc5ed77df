import fs from "node:fs"
import { SetupError } from "#lib/errors.ts"
import { bareEnvironment } from "../environment.ts"

/** The name of the database, its superuser and the account looked for first. */
export const LAPSE = "lapse"

export type Account = { uid: number; gid: number }

/**
 * The account to run PostgreSQL as, or undefined for this process's own. PostgreSQL refuses to run
 * as root, and initdb needs an account with a name.
 */
export function findAccount(cluster: string): Account | undefined {
  const owner = fs.statSync(cluster, { throwIfNoEntry: false })?.uid
  if (process.getuid?.() !== 0) {
    if (owner !== undefined && owner !== process.getuid?.()) {
      throw new SetupError(
        `${cluster} belongs to another user (${owner}): start Lapse as that user, or set LAPSE_DATA_DIR to a directory of your own.`,
      )
    }
    return undefined
  }
  const accounts = readAccounts()
  const account =
    accounts.find(({ uid }) => uid === owner && uid !== 0) ??
    accounts.find(({ name }) => name === LAPSE) ??
    accounts.find(({ name }) => name === "nobody")
  if (!account) {
    throw new SetupError(
      "PostgreSQL does not run as root and there is no account `nobody` to run it as: start Lapse as an ordinary user, or set DATABASE_URL.",
    )
  }
  return { uid: account.uid, gid: account.gid }
}

function readAccounts() {
  return fs
    .readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
}

/** Makes the account the owner of a file or directory, not of what is in it. */
export function giveTo(account: Account | undefined, file: string) {
  if (!account) return
  const { uid } = fs.lstatSync(file)
  if (uid !== account.uid) fs.lchownSync(file, account.uid, account.gid)
}

/**
 * How to spawn one of PostgreSQL's programs in a cluster: as whom, where, with what environment.
 */
export function spawnOptions(account: Account | undefined, cluster: string) {
  return { ...account, cwd: cluster, env: bareEnvironment({ LC_ALL: "C", TZ: "UTC" }) }
}

/**
 * The cluster's name for a program spawned in it. Below a home directory that only root may enter,
 * the account can still work in the directory it was started in, by a name without parents.
 */
export function nameOfCluster(account: Account | undefined, cluster: string) {
  return account && process.platform === "linux" ? "/proc/self/cwd" : cluster
}

import fs from "node:fs"
import path from "node:path"
import { SetupError } from "#lib/errors.ts"
import { chown, nameOf, readAccounts } from "#server/configuration/data-owner.ts"
import { bareEnvironment } from "#server/configuration/environment.ts"

/** The name of the database, its superuser and the account looked for first. */
export const LAPSE = "lapse"

export type Account = { uid: number; gid: number }

/** Which tell who wrote a cluster: a copy gives all of its files to one user. */
const TELLING = ["", "PG_VERSION", "global", "global/pg_control"]

/**
 * The account to run PostgreSQL as, or undefined for this process's own. PostgreSQL refuses to run
 * as root, and initdb needs an account with a name. Throws a SetupError where the cluster belongs to
 * another user: PostgreSQL refuses that.
 */
export function findAccount(cluster: string): Account | undefined {
  const account = chooseAccount(cluster)
  const [uid, gid] = [account?.uid ?? process.getuid?.(), account?.gid ?? process.getgid?.()]
  if (uid === undefined || gid === undefined) return account
  for (const name of TELLING) {
    const file = path.join(cluster, name)
    const found = fs.statSync(file, { throwIfNoEntry: false })
    if (!found || found.uid === uid) continue
    throw new SetupError(
      `${file} belongs to ${nameOf(found.uid)} and PostgreSQL runs as ${nameOf(uid)} here, to whom it has to belong: ${chown(path.dirname(cluster), { uid, gid })}.`,
    )
  }
  return account
}

function chooseAccount(cluster: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const owner = fs.statSync(cluster, { throwIfNoEntry: false })?.uid
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

import fs from "node:fs"
import path from "node:path"
import { SetupError } from "#lib/adapters/errors.ts"
import { chown, nameOf, readAccounts } from "#server/configuration/data-owner.ts"
import { LAPSE } from "#server/configuration/database-url.ts"
import { bareEnvironment } from "#server/configuration/environment.ts"

export type Account = { uid: number; gid: number }

/** Files whose owner shows which account wrote a cluster. */
const TELLING = ["", "PG_VERSION", "global", "global/pg_control"]

/**
 * Finds the account to run PostgreSQL as; undefined for this process's own. PostgreSQL refuses to
 * run as root, and initdb needs an account with a name. Throws a SetupError if the cluster belongs
 * to another user, because PostgreSQL refuses that.
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
  const found = fs.statSync(cluster, { throwIfNoEntry: false })
  if (found && found.uid !== 0) return { uid: found.uid, gid: found.gid } // it needs no name
  const accounts = readAccounts()
  const account =
    accounts.find(({ name }) => name === LAPSE) ?? accounts.find(({ name }) => name === "nobody")
  if (!account) {
    throw new SetupError(
      "PostgreSQL does not run as root and there is no account `nobody` to run it as: start Lapse as an ordinary user, or set DATABASE_URL.",
    )
  }
  return { uid: account.uid, gid: account.gid }
}

/** Makes the account the owner of a file or directory, but not of the directory's content. */
export function giveTo(account: Account | undefined, file: string) {
  if (!account) return
  const { uid } = fs.lstatSync(file)
  if (uid !== account.uid) fs.lchownSync(file, account.uid, account.gid)
}

/** How PostgreSQL's programs are spawned in a cluster: user, directory, environment. */
export function spawnOptions(account: Account | undefined, cluster: string) {
  return { ...account, cwd: cluster, env: bareEnvironment({ LC_ALL: "C", TZ: "UTC" }) }
}

/**
 * Returns variables that tell initdb the name of its user. A container may run as a user who is not
 * in /etc/passwd. There nss_wrapper, if installed, reads the name from a file beside the new
 * cluster.
 */
export function namingEnvironment(account: Account | undefined, cluster: string) {
  const [uid, gid] = [account?.uid ?? process.getuid?.(), account?.gid ?? process.getgid?.()]
  if (uid === undefined || readAccounts().some((known) => known.uid === uid)) return {}
  const [library] = fs.globSync("/usr/lib/*/libnss_wrapper.so")
  if (!library) return {} // another source, such as systemd's, may know the name
  const passwd = `${cluster}.passwd`
  fs.writeFileSync(passwd, `${LAPSE}:x:${uid}:${gid}::/:/bin/false\n`)
  return { LD_PRELOAD: library, NSS_WRAPPER_PASSWD: passwd, NSS_WRAPPER_GROUP: "/etc/group" }
}

/**
 * Returns the path of the cluster for a program that is spawned in it. On Linux it goes through the
 * working directory, because the account may not be allowed to enter a parent directory.
 */
export function nameOfCluster(account: Account | undefined, cluster: string) {
  return account && process.platform === "linux" ? "/proc/self/cwd" : cluster
}

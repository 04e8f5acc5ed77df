import { spawnSync } from "node:child_process"
import fs from "node:fs"
import path from "node:path"
import { SetupError } from "#lib/errors.ts"
import { type Account, giveTo, LAPSE, nameOfCluster, spawnOptions } from "./postgres-account.ts"
import { lastError } from "./postgres-log.ts"

const MAJOR = "18"

type Place = { cluster: string; binaries: string; account: Account | undefined; durable: boolean }

/** Whether initdb has made the cluster. */
export const hasCluster = (cluster: string) => fs.existsSync(path.join(cluster, "PG_VERSION"))

/** Makes a cluster: all of it or, when it is cut off in the middle, nothing. */
export function createCluster({ cluster, binaries, account, durable }: Place) {
  // Renamed when it is whole, so that a crash on the way leaves nothing that looks like a cluster.
  const partial = `${cluster}.new`
  fs.rmSync(partial, { recursive: true, force: true })
  fs.mkdirSync(partial, { mode: 0o700 })
  giveTo(account, partial)
  const result = spawnSync(
    path.join(binaries, "bin/initdb"),
    [
      `--pgdata=${nameOfCluster(account, partial)}`,
      `--username=${LAPSE}`,
      "--auth=trust", // the permissions of the socket's directory are the lock
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-instructions",
      ...(durable ? [] : ["--no-sync"]),
    ],
    { ...spawnOptions(account, partial), encoding: "utf8" },
  )
  if (result.status !== 0) {
    fs.rmSync(partial, { recursive: true, force: true }) // of a full disk it holds the last
    throw new SetupError(
      `The database could not be created in ${cluster} (${lastError(result.stderr || result.error?.message)}): set LAPSE_DATA_DIR to a directory on a disk with free space that this user may write to.`,
    )
  }
  fs.renameSync(partial, cluster)
}

/** Refuses a cluster that another major version wrote. */
export function requireVersion(cluster: string) {
  const version = fs.readFileSync(path.join(cluster, "PG_VERSION"), "utf8").trim()
  if (version === MAJOR) return
  throw new SetupError(
    `${cluster} was written by PostgreSQL ${version} and this Lapse brings ${MAJOR}: move the data with the Lapse version that wrote it, or set LAPSE_DATA_DIR to a new directory.`,
  )
}

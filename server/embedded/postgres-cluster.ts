import { spawnSync } from "node:child_process"
import fs from "node:fs"
import path from "node:path"
import { SetupError } from "#lib/adapters/errors.ts"
import { nameOf } from "#server/configuration/data-owner.ts"
import { LAPSE } from "#server/configuration/database-url.ts"
import {
  type Account,
  giveTo,
  nameOfCluster,
  namingEnvironment,
  spawnOptions,
} from "./postgres-account.ts"
import { MAJOR } from "./postgres-binaries.ts"
import { lastError } from "./postgres-log.ts"

type Place = { cluster: string; binaries: string; account: Account | undefined; durable: boolean }

export const hasCluster = (cluster: string) => fs.existsSync(path.join(cluster, "PG_VERSION"))

/** Creates a cluster atomically: an interrupted run leaves none. */
export function createCluster({ cluster, binaries, account, durable }: Place) {
  // It is renamed when it is complete, so that a crash leaves nothing that looks like a cluster.
  const partial = `${cluster}.new`
  fs.rmSync(partial, { recursive: true, force: true })
  fs.mkdirSync(partial, { mode: 0o700 })
  giveTo(account, partial)
  const { env, ...options } = spawnOptions(account, partial)
  const result = spawnSync(
    path.join(binaries, "bin/initdb"),
    [
      `--pgdata=${nameOfCluster(account, partial)}`,
      `--username=${LAPSE}`,
      "--auth=trust", // only users who may enter the socket's directory can connect
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-instructions",
      ...(durable ? [] : ["--no-sync"]),
    ],
    { ...options, env: { ...env, ...namingEnvironment(account, partial) }, encoding: "utf8" },
  )
  if (result.status !== 0) {
    fs.rmSync(partial, { recursive: true, force: true }) // otherwise it would keep a full disk full
    if (/could not look up effective user ID/.test(result.stderr))
      throw new SetupError(
        `PostgreSQL creates a database only for a user with a name, and ${nameOf(account?.uid ?? process.getuid?.() ?? 0)} has none: start Lapse as a user that is in /etc/passwd, or install libnss-wrapper.`,
      )
    throw new SetupError(
      `The database could not be created in ${cluster} (${lastError(result.stderr || result.error?.message)}): set LAPSE_DATA_DIR to a directory on a disk with free space that this user may write to.`,
    )
  }
  fs.renameSync(partial, cluster)
}

/** Throws if another major version of PostgreSQL wrote the cluster. */
export function requireVersion(cluster: string) {
  const version = fs.readFileSync(path.join(cluster, "PG_VERSION"), "utf8").trim()
  if (version === MAJOR) return
  throw new SetupError(
    `${cluster} was written by PostgreSQL ${version}, and this Lapse brings ${MAJOR}, which cannot read it: start the version of Lapse that wrote it, or set LAPSE_DATA_DIR to another directory.`,
  )
}

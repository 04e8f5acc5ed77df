import fs from "node:fs"
import path from "node:path"
import { SetupError } from "#lib/adapters/errors.ts"

const MARK = "sample-unfinished"

/** Writes a marker file into the data directory, which stays until the sample data is complete. */
export const markSample = (dataDirectory: string) =>
  fs.writeFileSync(path.join(dataDirectory, MARK), "")

export const unmarkSample = (dataDirectory: string) => fs.rmSync(path.join(dataDirectory, MARK))

/** Throws a SetupError if the sample data of an installation is incomplete. */
export function refuseUnfinishedSample(dataDirectory: string) {
  if (!fs.existsSync(path.join(dataDirectory, MARK))) return
  throw new SetupError(
    `The sample data in ${dataDirectory} was not finished, and there is nothing else in it: remove that directory (and empty a database and a bucket of your own), and start again.`,
  )
}

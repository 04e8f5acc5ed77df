import { SetupError } from "#lib/adapters/errors.ts"
import { isDiskFullError, outageOf } from "#lib/adapters/outages/outage.ts"

const DISK_FULL = "The disk of the data directory is full"

/** Turns an outage into a sentence for the operator. Returns any other error unchanged. */
export function explainFailure(error: unknown): unknown {
  if (error instanceof SetupError) return error
  const outage = outageOf(error)
  const problem = aboutFile(error)
  if (problem || !outage) return problem ?? error
  if (isDiskFullError(error) || outage.code === "storage_full") {
    return new SetupError(`${DISK_FULL} (${reasonOf(error)}): make room on it, and start again.`, {
      cause: error,
    })
  }
  const [sentence = ""] = outage.message.split(/(?<=\.) /)
  const because = reasonOf(error)
  return new SetupError(
    `${sentence.replace(" right now.", "")}${because ? ` (${because})` : ""}: check that it is running, then start again.`,
    { cause: error },
  )
}

const FILE_PROBLEMS: Record<string, string> = {
  EACCES: "may not be read or written by this user",
  EPERM: "may not be read or written by this user",
  EROFS: "is on a disk that cannot be written",
  ENOENT: "does not exist",
  EEXIST: "exists already",
  EISDIR: "is a directory",
  ENOTDIR: "is below a file, which is no directory",
  ENOTEMPTY: "is not empty",
}

/** Names the file that a file system error is about; undefined for other errors. */
function aboutFile(error: unknown) {
  if (!(error instanceof Error) || !("code" in error) || !("path" in error)) return undefined
  const problem = FILE_PROBLEMS[String(error.code)]
  return problem && new SetupError(`${error.path} ${problem}.`, { cause: error })
}

/** Returns the message of the innermost cause. Prisma's own errors repeat it over many lines. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return ""
  const code = "code" in error ? String(error.code) : ""
  const line = error.message.trim().split("\n").at(-1) ?? ""
  return line || code
}

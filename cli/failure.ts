/** The exit codes of the command; from `usage` on those of sysexits.h. */
export const EXIT = {
  done: 0,
  /** Refused, or some of the files failed. */
  failed: 1,
  usage: 64,
  /** A file that cannot be read, or a link that does not open. */
  missing: 66,
  /** No answer of the installation or of its store: a later attempt may succeed. */
  unavailable: 69,
  /** Not signed in, a missing scope, or a wrong password. */
  denied: 77,
  interrupted: 130,
} as const

type Exit = (typeof EXIT)[keyof typeof EXIT]

/** Ends the command with a message for the person and an exit code. */
export class Failure extends Error {
  override name = "Failure"
  readonly exit: Exit
  /** How to call the command, if the call was wrong. */
  readonly usage: string

  constructor(exit: Exit, message: string, usage = "") {
    super(message)
    this.exit = exit
    this.usage = usage
  }
}

export const usageError = (message: string, usage?: string) =>
  new Failure(EXIT.usage, message, usage)

/** The code of an error of Node, such as "ENOENT"; null if it has none. */
export const codeOf = (error: unknown) =>
  error instanceof Error && "code" in error ? String(error.code) : null

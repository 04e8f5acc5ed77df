import { Refusal, SetupError } from "#lib/errors.ts"

/** A refusal as the command line prints it: its sentence alone. */
export const orSetupError = <Value>(promise: Promise<Value>): Promise<Value> =>
  promise.catch((error: unknown) => {
    throw error instanceof Refusal ? new SetupError(error.message, { cause: error }) : error
  })

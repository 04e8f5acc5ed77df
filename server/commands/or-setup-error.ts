import { Refusal, SetupError } from "#lib/adapters/errors.ts"

/** Turns a refusal into a SetupError, which the command line prints without a stack. */
export const orSetupError = <Value>(promise: Promise<Value>): Promise<Value> =>
  promise.catch((error: unknown) => {
    throw error instanceof Refusal ? new SetupError(error.message, { cause: error }) : error
  })

const sentences = new WeakSet<Error>()

/** An error that the operator can mend: its message is printed alone, without a stack. */
export function sentence(message: string, cause?: unknown) {
  const error = new Error(message, { cause })
  sentences.add(error)
  return error
}

export function isSentence(error: unknown): error is Error {
  return error instanceof Error && sentences.has(error)
}

import "server-only"
import type { z } from "zod"
import { Refusal } from "#lib/adapters/errors.ts"
import { refusal, type Sentence, say, sentenceOf } from "#lib/adapters/text/sentences.ts"

/** The maximum length of an unknown field's name in a message. */
const MAX_NAME = 100

/** Parses unknown input. Refuses (invalid) wrong input with a sentence about the first problem. */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined
  const field = unknown?.slice(0, MAX_NAME) ?? issue?.path.join(".")
  const own = issue && sentenceOf(issue.message)
  const sentence: Sentence = own ?? { key: "input_wrong", values: {} }
  const isOfZod = unknown === undefined && issue && !own
  const message = isOfZod ? issue.message : say(sentence.key, sentence.values)
  const text = field ? `${field}: ${message}` : message
  throw new Refusal("invalid", text, { sentence, ...(field && { field }) })
}

const notJson = () => refusal("invalid", "not_json")

/** Parses text as JSON for the caller to validate. Refuses (invalid) text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw notJson()
  }
}

// A client that disconnects in the middle of its body is not a server error.
const textOf = (request: Request) =>
  request.text().catch(() => {
    throw notJson()
  })

/** Reads a body as JSON for the caller to validate. Refuses (invalid) one that is not JSON. */
export async function readJson(request: Request): Promise<unknown> {
  return parseJson(await textOf(request))
}

/** Reads a body as JSON; a missing one is an empty object. Refuses (invalid) any other text. */
export async function readOptionalJson(request: Request): Promise<unknown> {
  const text = await textOf(request)
  return text === "" ? {} : parseJson(text)
}

/** Reads the query, without empty form fields, for the caller to validate. */
export function readQuery({ nextUrl }: { nextUrl: { searchParams: URLSearchParams } }) {
  return Object.fromEntries([...nextUrl.searchParams].filter(([, value]) => value !== ""))
}

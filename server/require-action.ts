import type { IncomingMessage } from "node:http"
import { Refusal } from "#lib/errors.ts"
import { isTooDeep } from "./json-depth.ts"

/** What of the app a form is compared with. */
type App = {
  origin: string
  /** Whether the app has a server action of this id. */
  hasAction: (id: string) => boolean
}

const FORM = /^multipart\/form-data/i

/** Whether Next takes a request for a form or a server action, with a body or without. */
export const isFormOrAction = ({ headers }: IncomingMessage) =>
  FORM.test(headers["content-type"] ?? "") || headers["next-action"] !== undefined

/**
 * Refuses what Next would answer with 500 or write into the log with a stack: an action of another
 * site (forbidden), one that the app does not have (not_found), and a body that cannot be read or
 * nests too deep (invalid).
 */
export async function requireAction(request: IncomingMessage, body: Buffer, app: App) {
  if (!isFormOrAction(request)) return
  const { headers, method, url = "" } = request
  if (headers.origin !== undefined && headers.origin !== app.origin) {
    throw new Refusal("forbidden", `This can only be done from a page of ${app.origin}.`)
  }
  const action = headers["next-action"]
  if (action !== undefined && !app.hasAction(String(action))) throw unknownAction()
  const type = headers["content-type"] ?? ""
  if (!FORM.test(type)) return requireJson(body)
  const form = await readForm(type, body)
  for (const [name, value] of form) {
    if (CARRIES_JSON.test(name) && isTooDeep(Buffer.from(String(value)))) throw unreadable()
  }
  const needsAction = method === "POST" && !url.startsWith("/api/")
  if (action === undefined && needsAction) requireActionOf(form, app)
}

/** Fields of React's own, which a form without JavaScript or an action's arguments have. */
const CARRIES_JSON = /^(\$ACTION_|\d+$)/

const ACTION_ID = "$ACTION_ID_"
const ACTION_REFERENCE = "$ACTION_REF_"
const DESCRIPTOR = /^\{"id":"([^"]*)"/

/** A form that was sent without JavaScript names its action in a field, in one of two ways. */
function requireActionOf(form: FormData, { hasAction }: App) {
  const ids = [...form.keys()].flatMap((name) => {
    if (name.startsWith(ACTION_ID)) return [name.slice(ACTION_ID.length)]
    if (!name.startsWith(ACTION_REFERENCE)) return []
    const descriptors = form.getAll(`$ACTION_${name.slice(ACTION_REFERENCE.length)}:0`)
    const [, id] = DESCRIPTOR.exec(String(descriptors[0])) ?? []
    if (id === undefined || descriptors.length > 1) throw unreadable()
    return [id]
  })
  // A form has an action, and its button may have one of its own.
  if (ids.length === 0 || ids.length > 2) throw unreadable()
  if (!ids.every(hasAction)) throw unknownAction()
}

function readForm(type: string, body: Buffer): Promise<FormData> {
  const response = new Response(new Uint8Array(body), { headers: { "Content-Type": type } })
  return response.formData().catch(() => {
    throw unreadable()
  })
}

function requireJson(body: Buffer) {
  try {
    JSON.parse(body.toString("utf8"))
  } catch {
    throw unreadable()
  }
}

const unreadable = () =>
  new Refusal("invalid", "The form could not be read. Load the page again and send it once more.")

const unknownAction = () =>
  new Refusal("not_found", "This form is of another version of the page. Load the page again.")

/** By this the router of an open page knows that it is of another version. */
export const ACTION_NOT_FOUND = "x-nextjs-action-not-found"

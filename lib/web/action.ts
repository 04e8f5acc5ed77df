import "server-only"
import { headers } from "next/headers"
import { isAdmin, type SessionAdmin, type SessionMember } from "#lib/accounts/member.ts"
import { withAddress } from "#lib/audit/origin.ts"
import { Refusal, type RefusalCode } from "#lib/errors.ts"
import { refusalOf } from "#lib/refusal-of.ts"
import { clientAddress } from "./client-address.ts"
import { sayStatus } from "./document.ts"
import { requireOwnOrigin } from "./own-origin.ts"
import { requireSessionMember } from "./session.ts"

/** The answer to a form, for useActionState. */
export type ActionState<Result> =
  | { ok: true; result: Result }
  | {
      ok: false
      code: RefusalCode
      message: string
      /** The input that is wrong. */
      field?: string
      retryAfterSeconds?: number
      /** What was typed, to fill the form again; never a password. */
      values: Record<string, string>
    }

type Action<Result> = (
  previous: ActionState<Result> | null,
  form: FormData,
) => Promise<ActionState<Result>>

/** A form anyone may send. Redirects and bugs pass through. */
export function publicAction<Result>(handler: (form: FormData) => Promise<Result>): Action<Result> {
  return async (_previous, form) => {
    // An action is a call that anyone can make, with any arguments.
    if (!(form instanceof FormData)) throw new TypeError("the argument of an action is no form")
    try {
      const sent = await headers()
      requireOwnOrigin(sent)
      return { ok: true, result: await withAddress(clientAddress(sent), () => handler(form)) }
    } catch (error) {
      const refusal = refusalOf(error)
      if (!refusal) throw error
      // Sent without JavaScript, the form comes back as a document.
      const { status, retryAfterSeconds } = refusal
      if (retryAfterSeconds !== undefined) sayStatus(status, retryAfterSeconds)
      return refused(refusal, form)
    }
  }
}

/** A form of a member: it checks the session, and the handler puts the member into the `where`. */
export function memberAction<Result>(
  handler: (member: SessionMember, form: FormData) => Promise<Result>,
): Action<Result> {
  return publicAction(async (form) => handler(await requireSessionMember(), form))
}

/** A form of an admin. */
export function adminAction<Result>(
  handler: (admin: SessionAdmin, form: FormData) => Promise<Result>,
): Action<Result> {
  return memberAction(async (member, form) => {
    if (!isAdmin(member)) throw new Refusal("forbidden", "Only an admin may do this.")
    return handler(member, form)
  })
}

function refused(
  { code, message, field, retryAfterSeconds }: Refusal,
  form: FormData,
): ActionState<never> {
  return {
    ok: false,
    code,
    // The form shows the sentence at the field, so it need not name the field.
    message: field && message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message,
    ...(field === undefined ? {} : { field }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    values: typed(form),
  }
}

function typed(form: FormData) {
  const entries = [...form].filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === "string" && !entry[0].startsWith("$") && !/password/i.test(entry[0]),
  )
  return Object.fromEntries(entries)
}

import "server-only"
import { cookies } from "next/headers"
import type { NextResponse } from "next/server"
import { z } from "zod"
import { sendCookie } from "#lib/web/document-status.ts"
import { isHttps } from "#lib/web/sign-in/session-cookie.ts"

const NAME = "lapse-typed"
const SECONDS = 60

/** The longest value of a field in these forms, short enough for a browser to keep the cookie. */
const MAX_LENGTH = 254

const Typed = z.record(z.string(), z.string().max(MAX_LENGTH))

/**
 * Stores the typed values of a page's form for a minute, in a cookie for that page only. Values
 * longer than a field allows are left out.
 */
export function keepTyped(answer: NextResponse, page: string, values: Record<string, string>) {
  const typed = Object.entries(values).filter(
    ([, value]) => value !== "" && value.length <= MAX_LENGTH,
  )
  if (typed.length === 0) return
  answer.cookies.set(
    NAME,
    Buffer.from(JSON.stringify(Object.fromEntries(typed))).toString("base64url"),
    {
      httpOnly: true,
      sameSite: "strict",
      secure: isHttps(),
      path: page.split("?")[0] ?? page,
      maxAge: SECONDS,
    },
  )
}

/** Reads, once, the typed values for the form of the page that is being rendered. */
export async function takeTyped(path: string): Promise<Record<string, string>> {
  const value = (await cookies()).get(NAME)?.value
  if (value === undefined) return {}
  sendCookie(`${NAME}=; Path=${path}; Max-Age=0; HttpOnly`)
  return readTyped(value)
}

/** Parses such a cookie. Returns an empty object if another program has written it. */
export function readTyped(value: string): Record<string, string> {
  try {
    return Typed.parse(JSON.parse(Buffer.from(value, "base64url").toString("utf8")))
  } catch {
    return {}
  }
}

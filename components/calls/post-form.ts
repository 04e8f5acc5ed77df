"use client"

import { ApiError, resultOf, TIMEOUT_MS } from "./api-call.ts"

/** Sends a form without leaving the page. Returns the address to open next. Throws ApiError. */
export async function postForm(action: string, fields: Record<string, string>): Promise<string> {
  // The page may be older than its browser's cookie, which next-auth's token has to match.
  const token = action.startsWith("/api/auth/") && (await ask<object>("/api/auth/csrf"))
  return (await ask<{ url: string }>(action, { ...fields, ...token, json: "true" })).url
}

/** Fetches the options with which a browser asks for a passkey before sign-in. Throws ApiError. */
export const postForOptions = <Options>(action: string) => ask<Options>(action, {})

/** Returns the answer, whose type the route declares. Fields are posted. */
async function ask<Answer>(address: string, fields?: Record<string, string>): Promise<Answer> {
  const response = await fetch(address, {
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { Accept: "application/json" },
    ...(fields && { method: "POST", body: new URLSearchParams(fields) }),
  }).catch(() => {
    throw new ApiError("no_answer", "")
  })
  return (await resultOf(response)) as Answer
}

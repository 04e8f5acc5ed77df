"use client"

import { ApiError, resultOf, TIMEOUT_MS } from "./api-call.ts"

/**
 * Sends a plain form of the app without leaving the page. Returns the path to go on to. Throws
 * ApiError.
 */
export async function postForm(action: string, fields: Record<string, string>): Promise<string> {
  const response = await fetch(action, {
    method: "POST",
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { Accept: "application/json" },
    body: new URLSearchParams(fields),
  }).catch(() => {
    throw new ApiError("no_answer", "")
  })
  await resultOf(response)
  return response.headers.get("Location") ?? "/"
}

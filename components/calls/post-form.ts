"use client"

import { ApiError, resultOf, TIMEOUT_MS } from "./api-call.ts"

/** Sends a form without leaving the page. Returns the path to open next. Throws ApiError. */
export async function postForm(action: string, fields: Record<string, string>): Promise<string> {
  const response = await post(action, new URLSearchParams(fields))
  await resultOf(response)
  return response.headers.get("Location") ?? "/"
}

/** Fetches the options with which a browser asks for a passkey before sign-in. Throws ApiError. */
export async function postForOptions<Options>(action: string): Promise<Options> {
  return (await resultOf(await post(action))) as Options // the type that the route declares
}

const post = (action: string, body?: URLSearchParams) =>
  fetch(action, {
    method: "POST",
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { Accept: "application/json" },
    ...(body && { body }),
  }).catch(() => {
    throw new ApiError("no_answer", "")
  })

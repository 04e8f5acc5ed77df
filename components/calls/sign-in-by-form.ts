"use client"

import { ApiError, resultOf, TIMEOUT_MS } from "./api-call.ts"

/** Signs in through the route of the sign-in form, without leaving the page. Throws ApiError. */
export async function signInByForm(email: string, password: string): Promise<void> {
  const response = await fetch("/auth/sign-in", {
    method: "POST",
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { Accept: "application/json" },
    body: new URLSearchParams({ email, password }),
  }).catch(() => {
    throw new ApiError("no_answer", "")
  })
  await resultOf(response)
}

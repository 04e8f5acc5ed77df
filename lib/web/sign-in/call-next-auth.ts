import "server-only"
import type { NextApiRequest, NextApiResponse } from "next"
import { type NextRequest, NextResponse } from "next/server"
import NextAuth, { type AuthOptions } from "next-auth"
import { configuration } from "#lib/configuration.ts"
import { ownCookies } from "./next-auth-request.ts"

/** A call of next-auth for the identity provider. */
export type ProviderCall = {
  action: "csrf" | "signin" | "callback"
  method: "GET" | "POST"
  query?: Record<string, string>
  body?: Record<string, string>
  /** Cookies in addition to those of the request. */
  cookies?: Record<string, string>
}

export const PROVIDER_ID = "oidc"

/** Tells next-auth its origin. Nothing else does, and a setting left over must not win. */
export function tellOrigin() {
  // biome-ignore lint/style/noProcessEnv: next-auth reads it
  process.env.NEXTAUTH_URL = new URL(configuration.APP_URL).origin
}

/**
 * Calls next-auth as a route of the pages router would, which takes all of its input as values: its
 * form for the app router reads the cookies of the current request and no others.
 */
export async function callNextAuth(
  request: NextRequest,
  { action, method, query = {}, body = {}, cookies = {} }: ProviderCall,
  options: AuthOptions,
): Promise<NextResponse> {
  const { answer, response } = collectAnswer()
  const asked = {
    method,
    headers: Object.fromEntries(request.headers),
    cookies: { ...ownCookies(request), ...cookies },
    query: { ...query, nextauth: action === "csrf" ? [action] : [action, PROVIDER_ID] },
    body,
  }
  // next-auth uses nothing else of the two.
  await NextAuth(
    asked as unknown as NextApiRequest,
    response as unknown as NextApiResponse,
    options,
  )
  return answer()
}

function collectAnswer() {
  const headers = new Headers()
  let cookies: string[] = []
  let status = 200
  let body: string | null = null
  const response = {
    status(code: number) {
      status = code
      return response
    },
    getHeader: (name: string) => (name === "Set-Cookie" ? [...cookies] : headers.get(name)),
    setHeader(name: string, value: string | string[]) {
      if (name === "Set-Cookie") cookies = [value].flat()
      else headers.set(name, String(value))
      return response
    },
    json(value: unknown) {
      body = JSON.stringify(value)
    },
    send(value: unknown) {
      body = typeof value === "string" ? value : JSON.stringify(value ?? null)
    },
    end() {},
  }
  const answer = () => {
    for (const cookie of cookies) headers.append("Set-Cookie", cookie)
    headers.set("Cache-Control", "no-store")
    return new NextResponse(body, { status, headers })
  }
  return { answer, response }
}

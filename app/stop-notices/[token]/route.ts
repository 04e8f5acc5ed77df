import type { NextRequest } from "next/server"
import { stopNotices } from "#lib/rooms/accounts/profile/notices.ts"

type Context = { params: Promise<{ token: string }> }

/** Redirects a person who opens the List-Unsubscribe address to the page with the confirmation. */
export const GET = async (_request: NextRequest, { params }: Context) =>
  goTo(`/notices/${(await params).token}`)
export const HEAD = GET

/**
 * Stops all notices of the token's member: by one press in a mail program (RFC 8058), which sends
 * no origin and follows no redirect, or from the page (`?back=1`). The token
 * is the authority, and all that it can do is stop notices.
 */
export async function POST(request: NextRequest, { params }: Context) {
  const { token } = await params
  const isStopped = await stopNotices(token)
  if (request.nextUrl.searchParams.get("back") === "1") return goTo(`/notices/${token}`)
  const [text, status] = isStopped ? ["Notifications are off.", 200] : ["Not found.", 404]
  return new Response(text, { status, headers: { "Cache-Control": "no-store" } })
}

const goTo = (path: string) =>
  new Response(null, { status: 303, headers: { Location: path, "Cache-Control": "no-store" } })

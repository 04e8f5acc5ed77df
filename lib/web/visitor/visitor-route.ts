import "server-only"
import type { NextRequest } from "next/server"
import { Refusal } from "#lib/errors.ts"
import { clientAddress } from "../client-address.ts"
import { answerVisitor, visitorPath } from "./answer-visitor.ts"

/**
 * Answers a link's addresses inside Next with the very functions that front.ts calls before it. All methods are
 * exported by the routes: with only GET, Next answers HEAD by running GET.
 */
export async function visitorRoute(request: NextRequest): Promise<Response> {
  const path = visitorPath(request.nextUrl.pathname)
  if (!path) return new Response(null, { status: 404 })
  const { status, headers, body } = await answerVisitor(
    {
      method: request.method,
      token: path.token,
      header: (name) => request.headers.get(name) ?? undefined,
      clientAddress: clientAddress(request.headers),
      readBody: (maxBytes) => readBody(request, maxBytes),
    },
    path,
  )
  return new Response(body, { status, headers })
}

async function readBody(request: Request, maxBytes: number) {
  const bytes = await request.arrayBuffer()
  if (bytes.byteLength > maxBytes) throw new Refusal("too_large", "That is too much.")
  return new TextDecoder().decode(bytes)
}

import "server-only"
import { setImmediate } from "node:timers/promises"
import { z } from "zod"
import { claim } from "#lib/claims/claim.ts"
import { expiresAt, type Grant, presign } from "#lib/claims/grant.ts"
import { mint } from "#lib/claims/mint.ts"
import { parse, parseJson } from "#lib/input.ts"
import { Uuid } from "#lib/uuid.ts"
import { ticketCookie } from "./answer-download.ts"
import { toPage } from "./back-cookie.ts"
import type { Answer, LinkRequest } from "./exchange.ts"
import { sourceOf, visitOf } from "./visit.ts"

const MAX_BODY_BYTES = 1024 * 1024
/** Signing takes processor time: other requests get a turn after so many. */
const SIGNED_AT_ONCE = 100

const ClaimInput = z.object({
  fileIds: z.array(Uuid).min(1, "Name at least one file.").max(10_000).optional(),
})

/** POST /s/{token}/claim: one claim, or a mint for a ticket, for many files at once. */
export async function answerClaim(request: LinkRequest): Promise<Answer> {
  const visit = visitOf(request)
  if (request.method !== "POST") return toPage(request.token)
  const { fileIds = null } = parse(ClaimInput, await readInput(request))
  const source = await sourceOf(request, visit.publicId)
  const click = { ...visit, fileIds, source, chargedTo: request.clientAddress }
  const grant = (await mint(click)) ?? (await claim({ ...click, directOnly: false }))
  const files = await presignAll(grant)
  const headers: Answer["headers"] = [
    ["Content-Type", "application/json"],
    ["Cache-Control", "no-store"],
    ["Referrer-Policy", "no-referrer"],
    ...ticketCookie(request.token, grant),
  ]
  const body = JSON.stringify({ expiresAt: expiresAt(grant).toISOString(), files })
  return { status: 200, headers, body }
}

/** An empty body selects all files. */
async function readInput(request: LinkRequest): Promise<unknown> {
  const text = await request.readBody(MAX_BODY_BYTES)
  return text.trim() === "" ? {} : parseJson(text)
}

async function presignAll(grant: Grant) {
  const signed: { id: string; name: string; size: number; url: string }[] = []
  for (let start = 0; start < grant.files.length; start += SIGNED_AT_ONCE) {
    for (const file of grant.files.slice(start, start + SIGNED_AT_ONCE)) {
      const { id, name, size } = file
      signed.push({ id, name, size, url: await presign(grant, file) })
    }
    await setImmediate()
  }
  return signed
}

import "server-only"
import { setImmediate } from "node:timers/promises"
import { z } from "zod"
import { claim } from "#lib/claims/claim.ts"
import { expiresAt, type Grant, presign } from "#lib/claims/grant.ts"
import { mint } from "#lib/claims/mint.ts"
import { Refusal } from "#lib/errors.ts"
import { parse } from "../input.ts"
import type { Answer, VisitorRequest } from "./exchange.ts"
import { answering, toPage } from "./refuse.ts"
import { ticketCookie } from "./ticket-cookie.ts"
import { sourceOf, visitOf } from "./visit-of.ts"

const MAX_BODY_BYTES = 1024 * 1024
/** Signing is arithmetic: others get a turn in between. */
const SIGNED_AT_ONCE = 100

const ClaimInput = z.object({
  fileIds: z.array(z.uuid().toLowerCase()).min(1, "Name at least one file.").max(10_000).optional(),
})

/** POST /s/{token}/claim: one claim, or a mint for a ticket, for many files at once. */
export function answerClaim(request: VisitorRequest): Promise<Answer> {
  if (request.method !== "POST") return Promise.resolve(toPage(request.token))
  return answering(request, () => claimFiles(request), true)
}

async function claimFiles(request: VisitorRequest): Promise<Answer> {
  const visit = visitOf(request)
  const { fileIds = null } = parse(ClaimInput, readJson(await request.readBody(MAX_BODY_BYTES)))
  const source = await sourceOf(request, visit.publicId)
  const click = { ...visit, fileIds, source }
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

function readJson(text: string): unknown {
  if (text.trim() === "") return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal("invalid", "The body is not JSON.")
  }
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

import fs from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { readLinkToken } from "#lib/adapters/secrets.ts"
import { readObject } from "#lib/adapters/storage.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { findOldLink } from "#lib/rooms/claims/old-links/find-old-link.ts"
import { openLink } from "#lib/rooms/claims/open/open-link.ts"
import { planImport } from "#lib/rooms/imports/plan/plan-import.ts"
import { runImport } from "#lib/rooms/imports/run-import.ts"
import { readSource } from "#lib/rooms/imports/sources/read-source.ts"
import type { App } from "#lib/rooms/imports/sources/source.ts"
import { anAdmin } from "#testing/builders/a-member.ts"

/** The address of the only member before an import. */
export const ADMIN = "admin@example.org"

/** Gives each test an empty directory for an app, and an installation with an admin. */
export function prepareImports() {
  let directory = ""
  beforeEach(async () => {
    directory = fs.mkdtempSync(path.join(tmpdir(), "lapse-import-"))
    await anAdmin({ email: ADMIN })
  })
  afterEach(() => fs.rmSync(directory, { recursive: true }))

  const plan = async (app: App, bucket: string | null = null) => {
    const { root, ...source } = readSource(app, directory)
    return { root, plan: await planImport(app, source, { root, bucket }) }
  }
  return {
    directory: () => directory,
    plan: async (app: App, bucket?: string) => (await plan(app, bucket)).plan,
    importFrom: async (app: App, bucket?: string) => {
      const planned = await plan(app, bucket)
      const { root } = planned
      return { plan: planned.plan, ...(await runImport(planned.plan, { app, root })) }
    },
  }
}

export async function memberOf(email: string) {
  const member = await db.member.findUniqueOrThrow({ where: { email } })
  return { ...member, id: member.id as PersonId }
}

async function publicIdAt(oldId: string) {
  const token = await findOldLink(oldId, "192.0.2.1")
  return token === null ? null : readLinkToken(token)
}

/** The share to which an old address leads. */
export async function shareAt(oldId: string) {
  const publicId = await publicIdAt(oldId)
  return publicId && db.share.findFirst({ where: { links: { some: { publicId } } } })
}

/** The page to which an old address leads. */
export async function pageAt(oldId: string) {
  const publicId = await publicIdAt(oldId)
  const cookies = { ticket: null, unlock: null, visitId: null }
  return publicId && openLink({ publicId, cookies, kind: null, source: null })
}

/** The bytes of a ready file. */
export async function textOf(name: string) {
  const { objectKey } = await db.file.findFirstOrThrow({ where: { name, status: "ready" } })
  let text = ""
  for await (const part of readObject(objectKey ?? "")) text += Buffer.from(part).toString()
  return text
}

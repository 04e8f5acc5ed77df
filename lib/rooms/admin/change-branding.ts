import "server-only"
import { createHash } from "node:crypto"
import { db } from "#lib/adapters/database.ts"
import type { AdminId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import {
  type Branding,
  type BrandingChange,
  logoType,
  NO_BRANDING,
} from "#lib/rooms/settings/branding.ts"

const columns = {
  name: true,
  accent: true,
  logoHash: true,
  imprintUrl: true,
  privacyUrl: true,
  note: true,
} as const

const ONLY = 1

/**
 * Changes the branding of visitors' pages. It applies to every page requested after this returns.
 * One audit entry lists what changed, without the bytes of a logo.
 */
export async function changeBranding(admin: AdminId, change: BrandingChange): Promise<Branding> {
  const { logo, ...texts } = change
  const data = { ...defined(texts), ...logoColumns(logo) }
  return db.$transaction(async (tx) => {
    await tx.branding.createMany({ data: [{ id: ONLY }], skipDuplicates: true })
    await tx.$queryRaw`SELECT id FROM branding FOR UPDATE`
    const before = await tx.branding.findUniqueOrThrow({ where: { id: ONLY }, select: columns })
    const after = await tx.branding.update({ where: { id: ONLY }, data, select: columns })
    const [old, now] = [viewOf(before), viewOf(after)]
    const changed = NAMES.filter((name) => old[name] !== now[name])
    if (changed.length > 0) {
      const details = {
        changed: changed.join(" "),
        ...Object.fromEntries(changed.map((name) => [name, now[name]])),
      }
      await recordAudit(tx, { actorId: admin, action: "branding.change", details })
    }
    return now
  })
}

const NAMES = Object.keys(NO_BRANDING) as (keyof Branding)[] // its own keys

const defined = <Value extends object>(change: Value) =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))

function logoColumns(logo: Uint8Array<ArrayBuffer> | null | undefined) {
  if (logo === undefined) return {}
  if (logo === null) return { logo, logoType: null, logoHash: null }
  const logoHash = createHash("sha256").update(logo).digest("hex").slice(0, 20)
  return { logo, logoType: logoType(logo), logoHash }
}

type Row = Omit<Branding, "logo"> & { logoHash: string | null }

const viewOf = ({ logoHash, ...row }: Row): Branding => ({ ...row, logo: logoHash })

import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import { processWide } from "#lib/adapters/process-wide.ts"
import { type Branding, NO_BRANDING } from "./branding.ts"

/** In SQL: the branding as an array, in the order of `brandingOf`, for statements of visitors. */
export const BRANDING = `(SELECT json_build_array(b.name, b.accent, b.logo_hash, b.imprint_url,
  b.privacy_url, b.note) FROM branding b)`

type Fields = [
  name: string | null,
  accent: string | null,
  logo: string | null,
  imprintUrl: string | null,
  privacyUrl: string | null,
  note: string | null,
]

/** The result of BRANDING; null if nothing was ever set. */
export type BrandingFields = Fields | null

/** Turns the result of BRANDING into an object; null if nothing is set. */
export function brandingOf(fields: BrandingFields): Branding | null {
  if (!fields?.some((field) => field !== null)) return null
  const [name, accent, logo, imprintUrl, privacyUrl, note] = fields
  return { name, accent, logo, imprintUrl, privacyUrl, note }
}

const select = statement("branding", {}, `SELECT ${BRANDING} AS branding`)

export async function readBranding(): Promise<Branding> {
  const [row] = await select<{ branding: BrandingFields }>({})
  return brandingOf(row?.branding ?? null) ?? NO_BRANDING
}

const lastRead = processWide("branding", () => ({ branding: NO_BRANDING }))

/** Reads the current branding; while the database is away, the last one that this process read. */
export async function readBrandingOrLast(): Promise<Branding> {
  try {
    lastRead.branding = await readBranding()
  } catch (error) {
    if (!outageOf(error)) throw error
  }
  return lastRead.branding
}

const selectLogo = statement(
  "logo",
  { hash: "text" },
  "SELECT logo, logo_type AS type FROM branding WHERE logo_hash = :hash",
)

/** Returns the bytes of the logo with this hash; null once the logo has changed. */
export async function findLogo(hash: string): Promise<{ bytes: Uint8Array; type: string } | null> {
  const [row] = await selectLogo<{ logo: Uint8Array; type: string }>({ hash })
  return row ? { bytes: row.logo, type: row.type } : null
}

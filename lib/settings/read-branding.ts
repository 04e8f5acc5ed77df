import "server-only"
import { statement } from "#lib/database/statement.ts"
import { type Branding, NO_BRANDING } from "./branding.ts"

/** The branding as an array, in the order of `brandingOf`; SQL for statements of visitors. */
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

/** What BRANDING selected; null where nothing was ever set. */
export type BrandingFields = Fields | null

/** The same as an object; null where nothing is set. */
export function brandingOf(fields: BrandingFields): Branding | null {
  if (!fields?.some((field) => field !== null)) return null
  const [name, accent, logo, imprintUrl, privacyUrl, note] = fields
  return { name, accent, logo, imprintUrl, privacyUrl, note }
}

const select = statement("branding", {}, `SELECT ${BRANDING} AS branding`)

/** The branding in force, asked of the database each time. */
export async function readBranding(): Promise<Branding> {
  const [row] = await select<{ branding: BrandingFields }>({})
  return brandingOf(row?.branding ?? null) ?? NO_BRANDING
}

const selectLogo = statement(
  "logo",
  { hash: "text" },
  "SELECT logo, logo_type AS type FROM branding WHERE logo_hash = :hash",
)

/** The bytes of the logo with this hash; null once it is another one. */
export async function findLogo(hash: string): Promise<{ bytes: Uint8Array; type: string } | null> {
  const [row] = await selectLogo<{ logo: Uint8Array; type: string }>({ hash })
  return row ? { bytes: row.logo, type: row.type } : null
}

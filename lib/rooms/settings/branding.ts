import "server-only"
import { z } from "zod"
import { hasHidden } from "#lib/adapters/text/hidden-characters.ts"
import { PlainText } from "#lib/adapters/text/plain-text.ts"
import { sentence } from "#lib/adapters/text/sentences.ts"

/** The branding of this installation; each value is null if it is not set. */
export const Branding = z.strictObject({
  /** Shown instead of "Lapse". */
  name: z.string().nullable(),
  /** A colour such as #rrggbb; `palettesOf` computes the other colours from it. */
  accent: z.string().nullable(),
  /** A hash of the logo's bytes, which is its name in the address /brand/{logo}. */
  logo: z.string().nullable(),
  imprintUrl: z.string().nullable(),
  privacyUrl: z.string().nullable(),
  /** A few lines at the bottom of the page. */
  note: z.string().nullable(),
})
export type Branding = z.infer<typeof Branding>

export const NO_BRANDING: Branding = {
  name: null,
  accent: null,
  logo: null,
  imprintUrl: null,
  privacyUrl: null,
  note: null,
}

const MAX_LOGO_BYTES = 100 * 1024

/** The first bytes of accepted image types. SVG is not accepted: it may contain scripts. */
const LOGO_TYPES: [type: string, starts: number[]][] = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/webp", [0x52, 0x49, 0x46, 0x46]],
]
const WEBP = "WEBP"

/** Returns the type of a logo by its bytes; null if it is not an accepted type. */
export function logoType(bytes: Uint8Array): string | null {
  const starts = (start: number[]) => start.every((byte, index) => bytes[index] === byte)
  const type = LOGO_TYPES.find(([, start]) => starts(start))?.[0] ?? null
  const isOtherRiff =
    type === "image/webp" && String.fromCharCode(...bytes.subarray(8, 12)) !== WEBP
  return isOtherRiff ? null : type
}

const Logo = z
  .string()
  .max(MAX_LOGO_BYTES * 1.4 + 100, sentence("input_logo_size"))
  .regex(/^data:image\/[a-z+.]+;base64,[A-Za-z0-9+/]+=*$/, sentence("input_logo_type"))
  .transform((url) => Uint8Array.from(atob(url.slice(url.indexOf(",") + 1)), byteOf))
  .refine((bytes) => bytes.length <= MAX_LOGO_BYTES, sentence("input_logo_size"))
  .refine((bytes) => logoType(bytes) !== null, sentence("input_logo_type"))

const byteOf = (character: string) => character.charCodeAt(0)

/**
 * The address of a web page, as browsers write it. A backslash, which browsers read as a slash, or
 * a username could make it look like one of another host.
 */
const Address = z
  .string()
  .refine((text) => !text.includes("\\"), sentence("input_address"))
  .pipe(
    z
      .url({ normalize: true, error: sentence("input_address") })
      .regex(/^https?:\/\/[^/@]+\//, sentence("input_address"))
      .max(500, sentence("input_most", { count: 500 })),
  )

const Name = PlainText.pipe(
  z
    .string()
    .min(1, sentence("input_name"))
    .max(40, sentence("input_most", { count: 40 }))
    .refine((name) => !hasHidden(name), sentence("input_name_line")),
)

const values = {
  name: Name.nullable(),
  accent: z
    .string()
    .toLowerCase()
    .regex(/^#[0-9a-f]{6}$/, sentence("input_colour"))
    .nullable(),
  /** A data URL: PNG, JPEG or WebP, at most 100 KiB. */
  logo: Logo.nullable(),
  imprintUrl: Address.nullable(),
  privacyUrl: Address.nullable(),
  note: PlainText.pipe(
    z
      .string()
      .min(1)
      .max(500, sentence("input_most", { count: 500 })),
  ).nullable(),
}

/** A branding that is not saved: without the key, it has the saved logo. */
export const BrandingPreview = z.strictObject(values).partial({ logo: true })
export type BrandingPreview = z.infer<typeof BrandingPreview>

/** A change of the branding: a key that is left out keeps its value, null clears it. */
export const BrandingChange = BrandingPreview.partial()
export type BrandingChange = z.infer<typeof BrandingChange>

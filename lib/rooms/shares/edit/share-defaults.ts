import "server-only"
import { z } from "zod"
import { sentence } from "#lib/adapters/text/sentences.ts"
import type { Settings } from "#lib/rooms/settings/setting.ts"
import type { ShareInput } from "#lib/rooms/shares/share.ts"
import { defaultExpiry } from "./share-times.ts"

/** The conditions that new shares of a member begin with; else the general default. */
export const ShareDefaults = z
  .object({
    /** The number of days until a share ends; null if it does not. */
    days: z.number().int().min(1).max(3_650).nullable(),
    maxDownloads: z
      .number(sentence("input_downloads"))
      .int(sentence("input_downloads"))
      .min(1, sentence("input_one_download"))
      .max(1_000_000, sentence("input_most_downloads"))
      .nullable(),
    direct: z.boolean(),
    preview: z.boolean(),
    viewOnly: z.boolean(),
    watermark: z.boolean(),
    mintTtlSeconds: z.number().int().min(15).max(300).nullable(),
  })
  .partial()
export type ShareDefaults = z.infer<typeof ShareDefaults>

/** Reads the defaults from the database. Leaves out values that no version has written. */
export function readDefaults(stored: unknown): ShareDefaults {
  const parsed = ShareDefaults.safeParse(stored)
  return parsed.success ? parsed.data : {}
}

type Lives = Pick<Settings, "defaultShareDays" | "maxShareDays">

/** Returns after how many days a member's new share ends by default; null for never. */
export function usualDays(
  { days }: ShareDefaults,
  { defaultShareDays, maxShareDays }: Lives,
): number | null {
  const wanted = days === undefined ? defaultShareDays : days
  return maxShareDays === null ? wanted : Math.min(wanted ?? maxShareDays, maxShareDays)
}

type Bounds = { now: Date; settings: Pick<Settings, "maxShareDays" | "directLinks" | "previews"> }

/** Fills the gaps of an input with the member's defaults, as far as they are allowed. */
export function withDefaults(
  input: ShareInput,
  { days, ...chosen }: ShareDefaults,
  { now, settings }: Bounds,
): ShareInput {
  const defaults = {
    ...chosen,
    ...(!settings.directLinks && { direct: false }),
    ...(!settings.previews && { preview: false, viewOnly: false }),
  }
  const viewOnly = input.viewOnly ?? (input.preview === false ? false : defaults.viewOnly)
  const preview = input.preview ?? (viewOnly ? true : defaults.preview)
  return {
    ...defaults,
    ...input,
    ...(viewOnly !== undefined && { viewOnly }),
    ...(preview !== undefined && { preview }),
    ...(days !== undefined &&
      input.expiresAt === undefined &&
      input.expiresIn === undefined && {
        expiresAt: defaultExpiry(input.startsAt ?? null, now, {
          ...settings,
          defaultShareDays: days,
        }),
      }),
  }
}

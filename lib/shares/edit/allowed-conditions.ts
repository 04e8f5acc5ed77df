import { Refusal } from "#lib/errors.ts"
import type { Settings } from "#lib/settings/setting.ts"
import { refuseBadTimes } from "./share-times.ts"

/** What somebody asks for that a setting may be against. */
type Wish = {
  lacksPassword: boolean
  lacksLimit: boolean
  wantsDirect: boolean
  wantsPreview: boolean
}

type Rules = Pick<Settings, "passwordRequired" | "limitRequired" | "directLinks" | "previews">

/** Refuses (not_allowed) what a setting of the admins is against, and names the field. */
export function refuseAgainstSettings(settings: Rules, wish: Wish): void {
  if (settings.passwordRequired && wish.lacksPassword) {
    throw notAllowed("password", "A share needs a password here: choose one.")
  }
  if (settings.limitRequired && wish.lacksLimit) {
    throw notAllowed("maxDownloads", "A share needs a limit of downloads here: choose one.")
  }
  if (!settings.directLinks && wish.wantsDirect) {
    throw notAllowed("direct", "Direct links are switched off here.")
  }
  if (!settings.previews && wish.wantsPreview) {
    throw notAllowed("preview", "Previews are switched off here.")
  }
}

/** Under which conditions a share that was over opens again. */
export type Opening = {
  startsAt: Date | null
  expiresAt: Date | null
  passwordHash: string | null
  maxDownloads: number | null
}

/**
 * Refuses to open a share again that could not be made so today. Previews and direct links do not
 * count: where they are switched off they are for every share.
 */
export function refuseOpening(settings: Settings, share: Opening, now: Date): void {
  refuseAgainstSettings(settings, {
    lacksPassword: share.passwordHash === null,
    lacksLimit: share.maxDownloads === null,
    wantsDirect: false,
    wantsPreview: false,
  })
  refuseBadTimes(share, now, settings)
}

const notAllowed = (field: string, message: string) =>
  new Refusal("not_allowed", message, { field })

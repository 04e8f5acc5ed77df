import { refusal, type SentenceKey } from "#lib/adapters/text/sentences.ts"
import type { Settings } from "#lib/rooms/settings/setting.ts"
import type { ShareKind } from "#lib/rooms/shares/share.ts"
import { refuseBadTimes } from "./share-times.ts"

/** What a call asks for that a setting may forbid. */
type Wish = {
  /** Whether it would be open, or open longer. */
  opens?: boolean
  lacksPassword: boolean
  /** Whether a link would be open to people who do not prove their address. */
  unverified?: boolean
  wantsDirect?: boolean
  wantsPreview?: boolean
}

type Rules = Pick<
  Settings,
  "requests" | "passwordRequired" | "verifiedOnly" | "directLinks" | "previews"
>

/** The settings that apply: a request has no readers. */
export const settingsOf = (kind: ShareKind, settings: Settings): Settings =>
  kind === "share"
    ? { ...settings, requests: true }
    : { ...settings, verifiedOnly: false, directLinks: true, previews: true }

/** Refuses (not_allowed) what an admin's setting forbids, and names the field of a condition. */
export function refuseAgainstSettings(settings: Rules, wish: Wish): void {
  if (!settings.requests && wish.opens) throw refusal("not_allowed", "requests_off")
  if (settings.passwordRequired && wish.lacksPassword) {
    throw notAllowed("password", "needs_password")
  }
  if (settings.verifiedOnly && wish.unverified) {
    throw notAllowed("verify", "codes_only")
  }
  if (!settings.directLinks && wish.wantsDirect) {
    throw notAllowed("direct", "direct_off")
  }
  if (!settings.previews && wish.wantsPreview) {
    throw notAllowed("preview", "previews_off")
  }
}

/** The conditions under which a closed share reopens. */
export type Opening = {
  startsAt: Date | null
  expiresAt: Date | null
  passwordHash: string | null
  /** As `isUnverified`. */
  unverified: boolean
}

/**
 * Refuses to reopen a share that could not be made like that today. Ignores previews and direct
 * links, because turning them off applies to every share.
 */
export function refuseOpening(settings: Settings, share: Opening, now: Date): void {
  const { passwordHash, unverified } = share
  refuseAgainstSettings(settings, { opens: true, lacksPassword: passwordHash === null, unverified })
  refuseBadTimes(share, now, settings)
}

const notAllowed = (field: string, key: SentenceKey) => refusal("not_allowed", key, {}, { field })

import { Refusal } from "#lib/errors.ts"
import type { Policies } from "#lib/policies/policy.ts"
import { refuseBadTimes } from "./share-times.ts"

/** What somebody asks for that a policy may be against. */
type Wish = {
  lacksPassword: boolean
  lacksLimit: boolean
  wantsDirect: boolean
  wantsPreview: boolean
}

type Rules = Pick<Policies, "passwordRequired" | "limitRequired" | "directLinks" | "previews">

/** Refuses (not_allowed) what a policy of the admins is against, and names the field. */
export function refuseAgainstPolicies(policies: Rules, wish: Wish): void {
  if (policies.passwordRequired && wish.lacksPassword) {
    throw notAllowed("password", "A share needs a password here: choose one.")
  }
  if (policies.limitRequired && wish.lacksLimit) {
    throw notAllowed("maxDownloads", "A share needs a limit of downloads here: choose one.")
  }
  if (!policies.directLinks && wish.wantsDirect) {
    throw notAllowed("direct", "Direct links are switched off here.")
  }
  if (!policies.previews && wish.wantsPreview) {
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
export function refuseOpening(policies: Policies, share: Opening, now: Date): void {
  refuseAgainstPolicies(policies, {
    lacksPassword: share.passwordHash === null,
    lacksLimit: share.maxDownloads === null,
    wantsDirect: false,
    wantsPreview: false,
  })
  refuseBadTimes(share, now, policies)
}

const notAllowed = (field: string, message: string) =>
  new Refusal("not_allowed", message, { field })

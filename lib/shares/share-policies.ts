import { Refusal } from "#lib/errors.ts"
import type { Policies } from "#lib/policies/policy.ts"

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

const notAllowed = (field: string, message: string) =>
  new Refusal("not_allowed", message, { field })

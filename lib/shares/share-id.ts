import { Refusal } from "#lib/errors.ts"
import { isUuid } from "#lib/uuid.ts"

export const noSuchShare = () => new Refusal("not_found", "There is no such share.")

/** The id, or the refusal an unknown one gets: PostgreSQL would answer a malformed one with an error. */
export function shareIdOrRefuse(id: string) {
  if (!isUuid(id)) throw noSuchShare()
  return id
}

import type { Conditions } from "#components/shares/conditions/conditions-of-form.ts"
import { randomId } from "#packages/transfer/random-id.ts"
import type { Drop } from "./drop.ts"

/** A drop of this tab, with the state that its page does not show. */
export type DropEntry = {
  view: Drop
  conditions: Conditions
  /** Whether the link no longer waits for files of which the app has no record yet. */
  isOverdue: boolean
  /** Whether a share of these files may exist, because an answer was lost. */
  mayBeShared: boolean
  /** The files of the last requested share; null before. */
  askedFileIds: readonly string[] | null
  url: PromiseWithResolvers<string>
  /** The ids of the files that the link contains, or that could not be added to it. */
  heldFileIds: Set<string>
  isAdding: boolean
  savedTitle: string
  titleTimer: ReturnType<typeof setTimeout> | undefined
}

/** A drop of an owner's uploads that has no link yet. */
export function newDropEntry(
  uploadIds: string[],
  { title, team }: Pick<Drop, "title" | "team">,
): DropEntry {
  const view: Drop = {
    id: randomId(),
    team,
    uploadIds,
    title,
    state: "waiting",
    isShown: false,
    share: null,
    leftOutFileIds: [],
    copied: null,
    refusal: null,
    problem: null,
  }
  return {
    view,
    conditions: {},
    isOverdue: false,
    mayBeShared: false,
    askedFileIds: null,
    url: Promise.withResolvers<string>(),
    heldFileIds: new Set(),
    isAdding: false,
    savedTitle: title,
    titleTimer: undefined,
  }
}

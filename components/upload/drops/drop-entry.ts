import type { Conditions } from "#components/shares/conditions/conditions-of-form.ts"
import { randomId } from "#packages/transfer/random-id.ts"
import type { Drop } from "./drop.ts"

/** A drop of this tab, with what its page does not show. */
export type DropEntry = {
  view: Drop
  conditions: Conditions
  /** Whether the app was asked for a record of every file. */
  isRegistered: boolean
  /**
   * Whether a share of these files may exist: an answer was lost, or their upload is a continued
   * one.
   */
  mayBeShared: boolean
  url: PromiseWithResolvers<string>
  /** The ids of the files that the link contains, or that could not be added to it. */
  heldFileIds: Set<string>
  isAdding: boolean
  savedTitle: string
  titleTimer: ReturnType<typeof setTimeout> | undefined
}

/** A drop of these uploads that has no link yet. */
export function newDropEntry(uploadIds: string[], title: string): DropEntry {
  const view: Drop = {
    id: randomId(),
    uploadIds,
    title,
    state: "waiting",
    share: null,
    copied: null,
    refusal: null,
    problem: null,
  }
  return {
    view,
    conditions: {},
    isRegistered: false,
    mayBeShared: false,
    url: Promise.withResolvers<string>(),
    heldFileIds: new Set(),
    isAdding: false,
    savedTitle: title,
    titleTimer: undefined,
  }
}

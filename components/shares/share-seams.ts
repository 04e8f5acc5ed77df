import type { ShareView } from "#lib/shares/share.ts"
import type { FormAction } from "../use-act.ts"

/** What a page hands down so that shares can be made and changed from it. */
export type ShareActions = {
  /** Fields `file`, one or more. */
  create: FormAction<ShareView>
  /** Field `id`, and the fields of ShareConditions. */
  edit: FormAction<ShareView>
  /** Field `id`. */
  revoke: FormAction<ShareView>
  restore: FormAction<ShareView>
  newLink: FormAction<ShareView>
}

/** What a page has to say about links here. */
export type ShareSettings = {
  /** Null: a share may stay open for good. */
  maxShareDays: number | null
  /** Links name this machine as itself, so nobody else can open them. */
  thisMachineOnly: boolean
}

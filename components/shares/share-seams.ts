import type { ShareStatus, ShareView } from "#lib/shares/share.ts"
import type { FormAction } from "../use-act.ts"

/** A share that holds some of the files asked for. */
export type ShareOfFile = { id: string; title: string; status: ShareStatus; fileIds: string[] }

/** Field `files`, ids with spaces between: the shares that hold any of them. */
export type FindShares = FormAction<ShareOfFile[]>

/** What a page hands down so that shares can be made and changed from it. */
export type ShareActions = {
  /** Field `files`: ids with spaces between, in their order. */
  create: FormAction<ShareView>
  /** Field `id`, and the fields of ShareConditions. */
  edit: FormAction<ShareView>
  /** Field `id`. */
  revoke: FormAction<ShareView>
  restore: FormAction<ShareView>
  newLink: FormAction<ShareView>
  findShares: FindShares
}

/** What a page has to say about links here. */
export type ShareSettings = {
  /** Null: a share may stay open for good. */
  maxShareDays: number | null
  /** Links name this machine as itself, so nobody else can open them. */
  thisMachineOnly: boolean
  /** When an upload that nobody goes on with is given up. */
  uploadIdleHours: number
}

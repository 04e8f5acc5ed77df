import type { ApiError } from "#components/calls/api-call.ts"
import type { Conditions } from "#components/shares/conditions/conditions-of-form.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"

/** The props of a condition's editor. `save` resolves once it is saved or refused. */
export type EditorProps = {
  share: ShareView
  settings: PageSettings
  /** Returns the server's time. */
  now: () => Date
  save: (conditions: Conditions) => Promise<boolean>
  pending: boolean
  refusal: ApiError | null
  /** The id of the editor's form, for the button in the dialog's footer. */
  id: string
  close: () => void
}

import type { ApiError } from "#components/calls/api-call.ts"
import type { Conditions } from "#components/shares/conditions/conditions-of-form.ts"
import type { ShareView } from "#lib/shares/share.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"

/** What an editor of a condition gets. `save` resolves once the share has it, or was refused. */
export type EditorProps = {
  share: ShareView
  settings: PageSettings
  /** The server's time. */
  now: () => Date
  save: (conditions: Conditions) => Promise<boolean>
  pending: boolean
  refusal: ApiError | null
  /** Names its form, for the button of the dialog. */
  id: string
  close: () => void
}

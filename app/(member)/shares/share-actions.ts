import type { ShareActions } from "#components/shares/share-seams.ts"
import {
  createShareAction,
  editShareAction,
  findSharesAction,
  newLinkAction,
  restoreShareAction,
  revokeShareAction,
} from "./actions.ts"

/** What pages hand to the components that show shares. */
export const shareActions: ShareActions = {
  create: createShareAction,
  edit: editShareAction,
  revoke: revokeShareAction,
  restore: restoreShareAction,
  newLink: newLinkAction,
  findShares: findSharesAction,
}

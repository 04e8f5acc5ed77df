import "server-only"
import { z } from "zod"
import { Problem } from "#lib/adapters/http/problem.ts"
import { InvitePreview, InviteView, MadeInvite } from "#lib/rooms/accounts/invites/invite.ts"
import { MemberView } from "#lib/rooms/accounts/member.ts"
import { PasskeyView } from "#lib/rooms/accounts/passkeys/passkey.ts"
import { SessionView } from "#lib/rooms/accounts/sign-in/session.ts"
import { TokenView } from "#lib/rooms/accounts/tokens/token.ts"
import { EventView } from "#lib/rooms/activity/event.ts"
import { LiveNumbers } from "#lib/rooms/activity/live.ts"
import { AdminFileView, ShareOfFile } from "#lib/rooms/admin/list-all-files.ts"
import { ListedEntry } from "#lib/rooms/audit/list-audit.ts"
import { CheckLine } from "#lib/rooms/checks/describe-finding.ts"
import { CutOffView } from "#lib/rooms/cut-offs/cut-off.ts"
import { FileView, StartedUpload, UploadView } from "#lib/rooms/files/file.ts"
import { MailView } from "#lib/rooms/mail/mail.ts"
import { AdminRequestView, DeliveryView, RequestView } from "#lib/rooms/requests/request.ts"
import { Branding } from "#lib/rooms/settings/branding.ts"
import { LinkView } from "#lib/rooms/shares/links/link.ts"
import { ShareOfFiles } from "#lib/rooms/shares/list/list-shares.ts"
import { RevocationView } from "#lib/rooms/shares/revoke/find-revocation.ts"
import { AdminShareView, RevocationReach, ShareView } from "#lib/rooms/shares/share.ts"

/** What several calls answer, by the names that the documents give it. */
export const SHAPES: Record<string, z.ZodType> = {
  AdminFile: AdminFileView,
  AdminRequest: AdminRequestView,
  AdminShare: AdminShareView,
  AuditEntry: ListedEntry,
  Branding,
  Check: CheckLine,
  CutOff: CutOffView,
  Delivery: DeliveryView,
  Event: EventView,
  File: FileView,
  Invite: InviteView,
  InvitePreview,
  Link: LinkView,
  LiveNumbers,
  Mail: MailView,
  MadeInvite,
  Member: MemberView,
  Passkey: PasskeyView,
  Problem,
  Reach: RevocationReach,
  Request: RequestView,
  Revocation: RevocationView,
  Session: SessionView,
  Share: ShareView,
  ShareOfFile,
  ShareOfFiles,
  StartedUpload,
  Token: TokenView,
  Upload: UploadView,
}

export const shapeNames = z.registry<{ id: string }>()
for (const [id, schema] of Object.entries(SHAPES)) shapeNames.add(schema, { id })

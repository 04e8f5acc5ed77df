import { canSendMail } from "#lib/adapters/configuration.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { sendTestMail } from "#lib/rooms/mail/test-mail.ts"
import { immediateAdminRoute } from "#lib/web/api/member-route.ts"
import { languageOf } from "#lib/web/reader-language.ts"

/** Sends a test mail to the calling admin, and answers with the mail server's own reply. */
export const POST = immediateAdminRoute(async (admin, request) => {
  if (!canSendMail()) {
    throw refusal("not_allowed", "mail_missing")
  }
  return Response.json(await sendTestMail(admin.email, languageOf(admin, request.headers)))
})

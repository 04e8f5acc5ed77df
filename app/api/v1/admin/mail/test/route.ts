import { canSendMail } from "#lib/configuration.ts"
import { Refusal } from "#lib/errors.ts"
import { sendTestMail } from "#lib/mail/test-mail.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

/** Sends a test to the admin who asks, and answers with the mail server's own words. */
export const POST = adminRoute(async ({ email }) => {
  if (!canSendMail()) {
    throw new Refusal("not_allowed", "Mail isn’t set up: set SMTP_URL and MAIL_FROM.")
  }
  return Response.json(await sendTestMail(email))
})

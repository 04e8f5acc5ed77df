// Offers a mail to the mail server as a separate process: node testing/children/mail-child.ts ID PORT.
// Reports its beginning, so that it can be killed in the middle.
import { db } from "#lib/adapters/database.ts"
import { sendMail } from "#lib/rooms/mail/send-mail.ts"
import { mailBy } from "#testing/mail/with-mail.ts"

const [id = "", port = ""] = process.argv.slice(2)

await db.$queryRaw`SELECT 1`
mailBy(Number(port))
process.send?.("begins")
await sendMail(id)
process.exit(0)

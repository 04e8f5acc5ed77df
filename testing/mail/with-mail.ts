import { configuration } from "#lib/adapters/configuration.ts"
import { startMailServer } from "./mail-server.ts"

/** Configures Lapse to send mail to this port of this machine. Test files begin without mail. */
export function mailBy(port: number): void {
  Object.assign(configuration, {
    SMTP_URL: { host: "127.0.0.1", port, security: "none", user: null, password: "" },
    MAIL_FROM: { name: null, address: "lapse@example.org" },
  })
}

/** Removes the mail server from the settings. */
export function withoutMail(): void {
  Object.assign(configuration, { SMTP_URL: undefined, MAIL_FROM: undefined })
}

/** Starts a mail server for a test, to which Lapse sends until `close`. */
export async function aMailServer(behaviour: Parameters<typeof startMailServer>[0] = {}) {
  const server = await startMailServer(behaviour)
  mailBy(server.port)
  return {
    ...server,
    async close() {
      withoutMail()
      await server.close()
    },
  }
}

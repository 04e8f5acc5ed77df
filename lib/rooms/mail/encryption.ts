import type { SmtpServer } from "#lib/adapters/configuration/parsers.ts"
import { isLoopback } from "#lib/adapters/http/is-loopback.ts"

/** Names the encryption of mail. Mail to a server on this machine crosses no network ("local"). */
export const encryptionOf = ({ host, security }: Pick<SmtpServer, "host" | "security">) =>
  security === "none" && isLoopback(host) ? "local" : security

import "server-only"
import { createHmac } from "node:crypto"
import { derivedKey } from "#lib/adapters/secrets.ts"

/** Derives the six digits of a mail with a code from its id, so that no row contains them. */
export const codeOf = (mailId: string) =>
  String(
    createHmac("sha256", derivedKey("code by mail")).update(mailId).digest().readUIntBE(0, 6) %
      1_000_000,
  ).padStart(6, "0")

import { expect, it } from "vitest"
import { encryptionOf } from "./encryption.ts"

it.each([
  ["localhost", "none", "local"],
  ["127.0.0.1", "none", "local"],
  ["::1", "none", "local"],
  ["mail.example.org", "none", "none"],
  ["localhost", "starttls", "starttls"],
] as const)("mail by %s with %s is shown as %s", (host, security, shown) => {
  expect(encryptionOf({ host, security })).toBe(shown)
})

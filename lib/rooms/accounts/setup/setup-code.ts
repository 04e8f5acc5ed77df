import "server-only"
import { createHmac, timingSafeEqual } from "node:crypto"
import { db } from "#lib/adapters/database.ts"
import { derivedKey } from "#lib/adapters/secrets.ts"
import { installationId } from "./installation.ts"

const CODE_BYTES = 12

/** Returns the setup code, which opens /setup of this installation until there is a member. */
export async function setupCode(): Promise<string> {
  const mac = createHmac("sha256", derivedKey("setup"))
    .update(await installationId())
    .digest()
  return mac.subarray(0, CODE_BYTES).toString("base64url")
}

/** Whether this is the setup code. Compares in constant time. */
export async function isSetupCode(code: string): Promise<boolean> {
  const expected = Buffer.from(await setupCode())
  const given = Buffer.from(code)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Returns the fault of the code in a setup address; null if it is right. */
export async function setupCodeProblem(code: string): Promise<"incomplete" | "wrong" | null> {
  if (await isSetupCode(code)) return null
  return code.length < (await setupCode()).length ? "incomplete" : "wrong"
}

/** Whether there is a member yet. Until then the setup code opens /setup. */
export async function hasMember(): Promise<boolean> {
  return (await db.member.findFirst({ where: { kind: "person" }, select: { id: true } })) !== null
}

/** Returns the code that opens /setup, or null once a member exists. */
export async function firstRunCode(): Promise<string | null> {
  return (await hasMember()) ? null : setupCode()
}

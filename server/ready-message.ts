import type { ServerConfiguration } from "#server/configuration/derive-configuration.ts"
import type { SignIn } from "#server/sample/sample-members.ts"

/** Returns the message that Lapse is ready: its address, its data, the next step. */
export function readyMessage(
  {
    given,
    appUrl,
    trustedProxies,
    dataDirectory,
    embedsDatabase,
    embedsStore,
  }: ServerConfiguration,
  setupCode: string | null,
  sample: SignIn[] = [],
) {
  const lines = ["", `  Lapse is ready at ${appUrl.origin}`]
  if (setupCode) {
    lines.push("", "  This is the first run. Create the admin account here (the link works once):")
    lines.push(`  ${appUrl.origin}/setup?code=${setupCode}`)
    if (given.OIDC_ISSUER && given.OIDC_ADMIN_CLAIM)
      lines.push("  Or sign in with the provider as a person whom OIDC_ADMIN_CLAIM makes an admin.")
  }
  if (sample.length > 0) {
    lines.push("", "  Sample data is installed. Sign in as an admin or as a member with")
    lines.push(...sample.map(({ email, password }) => `  ${email}   ${password}`))
  }
  const kept = [
    ...(embedsDatabase ? ["database", "secrets"] : []),
    ...(embedsStore ? ["objects"] : []),
  ]
  if (kept.length > 0) lines.push("", `  Data (${kept.join(", ")}): ${dataDirectory}`)
  const publicStore = given.S3_PUBLIC_ENDPOINT && new URL(given.S3_PUBLIC_ENDPOINT)
  if (embedsStore && publicStore && publicStore.protocol === "https:") {
    lines.push(
      `  Browsers look for files at ${publicStore.origin}: a proxy must pass that on to port`,
    )
    lines.push(`  ${given.LOCAL_S3_PORT}, or set S3_PUBLIC_ENDPOINT to where it does.`)
  }
  if (appUrl.protocol === "https:" && trustedProxies.length === 0) {
    lines.push(
      "  APP_URL is https and TRUSTED_PROXIES is not set: behind a proxy all visitors count",
    )
    lines.push("  as one, and are slowed as one. Set TRUSTED_PROXIES to the address of the proxy.")
  }
  lines.push("  Press Ctrl-C to stop.", "")
  return lines.join("\n")
}

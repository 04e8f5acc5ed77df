import { existsSync } from "node:fs"
import path from "node:path"
import { keepSecret } from "./data-directory.ts"
import { reachable } from "./embedded/object-store.ts"
import { databaseUrl } from "./embedded/postgres.ts"
import type { Settings } from "./settings.ts"
import { sentence } from "./setup-error.ts"

// Tests and measurements must not depend on the settings of whoever runs them.
const readsEnvFile = !process.argv.includes("--no-env-file")

/** Settings may lie in a file .env beside package.json; the environment's own go first. */
export function loadEnvFile() {
  if (readsEnvFile && existsSync(".env")) process.loadEnvFile(".env")
}

/** Everything that `lib/settings.ts` expects and that nobody had to set. */
export function deriveSettings(settings: Settings) {
  const { appUrl, dataDirectory, embedsDatabase, embedsStore } = settings
  const kept = (name: string, file: string, bytes?: number) =>
    process.env[name] || keepSecret(dataDirectory, file, bytes)
  set({ APP_URL: appUrl.origin, LAPSE_DATA_DIR: dataDirectory })
  if (embedsDatabase) {
    set({
      DATABASE_URL: databaseUrl(path.join(dataDirectory, "postgres")),
      DATABASE_DIRECT_URL: "",
      AUTH_SECRET: kept("AUTH_SECRET", "auth-secret"),
      LINK_SECRET: kept("LINK_SECRET", "link-secret"),
    })
  }
  if (embedsStore) {
    const accessKeyId = kept("LOCAL_S3_ACCESS_KEY_ID", "local-s3-access-key-id", 15)
    const secretAccessKey = kept("LOCAL_S3_SECRET_ACCESS_KEY", "local-s3-secret-access-key")
    set({
      LOCAL_S3_ACCESS_KEY_ID: accessKeyId,
      LOCAL_S3_SECRET_ACCESS_KEY: secretAccessKey,
      S3_BUCKET: "lapse",
      S3_REGION: "us-east-1",
      S3_ENDPOINT: `http://${reachable(settings.storeHost)}:${settings.storePort}`,
      S3_PUBLIC_ENDPOINT: settings.publicStore.origin,
      S3_FORCE_PATH_STYLE: "true",
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    })
    delete process.env.AWS_SESSION_TOKEN
    delete process.env.AWS_PROFILE
  }
  // The names next-auth reads by itself.
  set({ NEXTAUTH_URL: appUrl.origin, NEXTAUTH_SECRET: process.env.AUTH_SECRET ?? "" })
}

/** Parses every setting; a wrong one stops the start. */
export async function readEnv() {
  try {
    const { settings } = await import("#lib/settings.ts")
    return settings
  } catch (error) {
    throw error instanceof Error ? sentence(error.message, error) : error
  }
}

function set(values: Record<string, string>) {
  Object.assign(process.env, values)
}

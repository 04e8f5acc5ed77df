import path from "node:path"
import { signers } from "#lib/adapters/configuration/parsers.ts"
import type { Configuration, Environment } from "#lib/adapters/configuration/table.ts"
import { loadSettings, readConfiguration } from "#lib/adapters/configuration.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { reachable } from "#server/processes/port.ts"
import { keepSecret, keepSecretText, randomSecret } from "./data-directory.ts"
import { databaseUrl } from "./database-url.ts"
import { setEnvironment } from "./environment.ts"
import { loadEnvironment } from "./load-environment.ts"

/** The server's configuration, derived from the settings: where it listens, what is embedded. */
export type ServerConfiguration = {
  given: Configuration
  appUrl: URL
  host: string | undefined
  port: number
  trustedProxies: Configuration["TRUSTED_PROXIES"]
  dataDirectory: string
  embedsDatabase: boolean
  embedsStore: boolean
}

/** Reads the server's configuration. Throws a SetupError with a sentence per wrong setting. */
export function readServerConfiguration(environment?: Environment): ServerConfiguration {
  const given = readConfiguration(environment)
  return {
    given,
    appUrl: new URL(given.APP_URL),
    host: given.HOST,
    port: given.PORT,
    trustedProxies: given.TRUSTED_PROXIES,
    dataDirectory: path.resolve(given.LAPSE_DATA_DIR),
    embedsDatabase: given.DATABASE_URL === undefined,
    embedsStore: given.S3_BUCKET === undefined,
  }
}

/**
 * Reads the settings and adds derived variables to the environment, so that lib/ can be used. If
 * anything is embedded, `claim` is called with the data directory before its secrets are read.
 */
export function prepareConfiguration(claim: (dataDirectory: string) => void): ServerConfiguration {
  loadEnvironment()
  const settings = readServerConfiguration()
  if (settings.embedsDatabase || settings.embedsStore) claim(settings.dataDirectory)
  setEnvironment({
    ...(settings.embedsDatabase ? embeddedDatabase(settings) : {}),
    ...(settings.embedsStore ? embeddedStore(settings) : {}),
  })
  const { APP_URL } = loadSettings()
  setEnvironment({ NEXTAUTH_URL: APP_URL }) // next-auth reads its origin only from this variable
  return settings
}

function embeddedDatabase({ given, dataDirectory }: ServerConfiguration): Environment {
  return {
    DATABASE_URL: databaseUrl(path.join(dataDirectory, "postgres")),
    DATABASE_DIRECT_URL: undefined,
    ...(given.AUTH_SECRET ? {} : { AUTH_SECRET: keepSecret(dataDirectory, "auth-secret") }),
    ...(given.LINK_SECRET ? {} : { LINK_SECRET: keepSecret(dataDirectory, "link-secret") }),
  }
}

function embeddedStore({ given, dataDirectory }: ServerConfiguration) {
  const accessKeyId =
    given.LOCAL_S3_ACCESS_KEY_ID ?? keepSecret(dataDirectory, "local-s3-access-key-id", 15)
  const secretAccessKey =
    given.LOCAL_S3_SECRET_ACCESS_KEY ?? keepSecret(dataDirectory, "local-s3-secret-access-key")
  return {
    LOCAL_S3_ACCESS_KEY_ID: accessKeyId,
    LOCAL_S3_SECRET_ACCESS_KEY: secretAccessKey,
    ...(given.S3_SIGNERS ? {} : { S3_SIGNERS: keepSigners(dataDirectory) }),
    S3_BUCKET: "lapse",
    S3_REGION: "us-east-1",
    S3_ENDPOINT: `http://${reachable(given.HOST)}:${given.LOCAL_S3_PORT}`,
    S3_PUBLIC_ENDPOINT: given.S3_PUBLIC_ENDPOINT && new URL(given.S3_PUBLIC_ENDPOINT).origin,
    S3_FORCE_PATH_STYLE: "true",
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
  }
}

const SIGNERS_FILE = "s3-signers"
const COLOURS = ["amber", "blue", "green"]

function keepSigners(dataDirectory: string) {
  const make = () =>
    COLOURS.map((colour) => [colour, randomSecret(15), randomSecret()].join(":")).join(",")
  const text = keepSecretText(dataDirectory, SIGNERS_FILE, make)
  if (signers.safeParse(text).success) return text
  throw new SetupError(
    `${path.join(dataDirectory, "secrets", SIGNERS_FILE)} is damaged: restore it from a backup, or remove it to make new keys.`,
  )
}

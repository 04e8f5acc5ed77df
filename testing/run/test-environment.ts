import type { Signer } from "#lib/adapters/configuration/parsers.ts"
import type { Environment } from "#lib/adapters/configuration/table.ts"

export const APP_URL = "http://localhost:3000"
/** The bucket of the tests. A run within a run has a separate bucket on the same Ceph. */
export const BUCKET = process.env.LAPSE_TEST_BUCKET || "lapse"

/** An object store that tests may fill. */
export type TestStore = {
  endpoint: string
  accessKeyId: string
  secretAccessKey: string
  /** Keys that read only the objects of their colour, if the store has them. */
  signers?: Signer[]
  /** The directory by which `openCeph` opens the store, if it is a Ceph. */
  cephDirectory?: string
}

/** The settings of the app in a test. */
export function testEnvironment(databaseUrl: string, store: TestStore): Environment {
  return {
    APP_URL,
    DATABASE_URL: databaseUrl,
    S3_BUCKET: BUCKET,
    S3_REGION: "us-east-1",
    S3_ENDPOINT: store.endpoint,
    S3_FORCE_PATH_STYLE: "true",
    AWS_ACCESS_KEY_ID: store.accessKeyId,
    AWS_SECRET_ACCESS_KEY: store.secretAccessKey,
    // An undefined variable would become the text "undefined" in process.env.
    ...(store.signers ? { S3_SIGNERS: signersText(store.signers) } : {}),
    AUTH_SECRET: "an auth secret that only tests use, nobody else",
    LINK_SECRET: "a-link-secret-that-only-tests-use-nobody-else",
  }
}

function signersText(signers: Signer[]) {
  return signers
    .map(({ colour, accessKeyId, secretAccessKey }) =>
      [colour, accessKeyId, secretAccessKey].join(":"),
    )
    .join(",")
}

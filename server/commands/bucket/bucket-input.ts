import { SetupError } from "#lib/adapters/errors.ts"
import {
  FLAVOURS,
  type Flavour,
  type PolicyInput,
  PROPOSED_COLOURS,
} from "#lib/adapters/storage.ts"
import { readServerConfiguration } from "#server/configuration/derive-configuration.ts"
import { loadEnvironment } from "#server/configuration/load-environment.ts"
import { UsageError } from "#server/configuration/read-options.ts"

export type Options = Record<string, unknown>

export type BucketInput = {
  flavour: Flavour
  policy: PolicyInput
  /** Whether a placeholder replaces a name that was not given, so the policy is not usable. */
  isIncomplete: boolean
  region: string
  endpoint: string | undefined
  forcePathStyle: boolean
  appUrl: string
  /** Addresses of the store that do not use https. */
  plain: string[]
}

const NO_ACCOUNT = "ACCOUNT"

export function readBucketInput(options: Options): BucketInput {
  loadEnvironment()
  const { given, embedsStore } = readServerConfiguration()
  const { S3_BUCKET: bucket, S3_ENDPOINT: endpoint } = given
  if (embedsStore || bucket === undefined) {
    throw new SetupError(
      "The embedded object store sets up its bucket and its keys itself. Set S3_BUCKET for one of your own.",
    )
  }
  const flavour = flavourOf(options.for, endpoint)
  const arnOf = (name: string) => arn(name, flavour, options.account)
  const plain = [endpoint, given.S3_PUBLIC_ENDPOINT].filter(
    (address): address is string => address?.startsWith("http:") === true,
  )
  const app = arnOf(text(options.app) ?? "lapse")
  const signers = signersOf(
    options.signer,
    given.S3_SIGNERS?.map(({ colour }) => colour),
  ).map(({ colour, name }) => ({ colour, arn: arnOf(name) }))
  return {
    flavour,
    policy: { bucket, app, signers: flavour === "r2" ? [] : signers, tls: plain.length === 0 },
    isIncomplete: app.includes(`:${NO_ACCOUNT}:`),
    region: given.S3_REGION,
    endpoint,
    forcePathStyle: given.S3_FORCE_PATH_STYLE ?? endpoint !== undefined,
    appUrl: given.APP_URL,
    plain,
  }
}

const text = (value: unknown) => (typeof value === "string" ? value : undefined)

function flavourOf(named: unknown, endpoint: string | undefined): Flavour {
  const flavour = FLAVOURS.find((each) => each === named)
  if (flavour) return flavour
  if (named !== undefined) throw new UsageError(`--for takes ${FLAVOURS.join(", ")}.`)
  const host = endpoint ? new URL(endpoint).hostname : "amazonaws.com"
  if (host.endsWith("amazonaws.com")) return "aws"
  if (host.endsWith("r2.cloudflarestorage.com")) return "r2"
  throw new UsageError(
    `What store is at ${endpoint}? Add --for with ${FLAVOURS.join(", ")}; minio also does for its heirs.`,
  )
}

/** The name of a user in policies. In Ceph the account is a tenant, and usually empty. */
function arn(name: string, flavour: Flavour, account: unknown) {
  if (name.startsWith("arn:")) return name
  const place = text(account) ?? (flavour === "aws" ? NO_ACCOUNT : "")
  return `arn:aws:iam::${place}:user/${name}`
}

/** Parses `--signer amber=NAME`, which may be repeated; others are named after their colour. */
function signersOf(given: unknown, set: string[] | undefined) {
  const named = new Map(
    (Array.isArray(given) ? given : []).map((entry: string) => {
      const [, colour, name] = /^([a-z]{1,20})=(.+)$/.exec(entry) ?? []
      if (colour && name) return [colour, name]
      throw new UsageError(
        `--signer takes a colour and the name of its user, like amber=lapse-amber.`,
      )
    }),
  )
  const colours = set ?? (named.size > 0 ? [...named.keys()] : PROPOSED_COLOURS)
  const unknown = [...named.keys()].find((colour) => !colours.includes(colour))
  if (unknown) throw new UsageError(`--signer names ${unknown}, which S3_SIGNERS does not have.`)
  return colours.map((colour) => ({ colour, name: named.get(colour) ?? `lapse-${colour}` }))
}

import "server-only"
import { SIGNER_TAG } from "../tags.ts"
import { APP_PREFIXES, APP_RIGHTS, AUDIT_PREFIX, actionsOn, type Right } from "./app-rights.ts"

export const FLAVOURS = ["aws", "ceph", "minio", "r2"] as const
export type Flavour = (typeof FLAVOURS)[number]

export type Statement = {
  Sid?: string
  Effect: "Allow" | "Deny"
  Principal?: unknown
  NotPrincipal?: unknown
  Action?: unknown
  Resource?: unknown
  Condition?: unknown
}

/** A policy of a bucket or of a user, in the language of AWS. */
export type Policy = { Version?: string; Id?: string; Statement: Statement[] }

export type PolicyInput = {
  bucket: string
  /** The ARNs of the users in policies. */
  app: string
  signers: readonly { colour: string; arn: string }[]
  /** Whether every address of the store is https; otherwise a TLS rule locks the app out. */
  tls: boolean
}

export type Reasoned = { statement: Statement; why: string }

/** Downloads live for 300 s at most, uploads for 900 s; the rest is for differing clocks. */
const MAX_AGE_MS = { get: 600_000, put: 1_200_000 }

const capitalized = (colour: string) => colour.charAt(0).toUpperCase() + colour.slice(1)
const bucketArn = (bucket: string) => `arn:aws:s3:::${bucket}`
const objectsOf = (bucket: string) =>
  APP_PREFIXES.map((prefix) => `${bucketArn(bucket)}/${prefix}*`)

function appStatements({ bucket }: Pick<PolicyInput, "bucket">): Reasoned[] {
  const whyOf = (on: Right["on"]) =>
    APP_RIGHTS.filter((right) => right.on === on)
      .map(({ action, why }) => `\n    ${action} ${why}`)
      .join("")
  return [
    {
      statement: {
        Sid: "LapseAppBucket",
        Effect: "Allow",
        Action: actionsOn("bucket"),
        Resource: bucketArn(bucket),
      },
      why: `for the app's key, on the bucket itself:${whyOf("bucket")}`,
    },
    {
      statement: {
        Sid: "LapseAppObjects",
        Effect: "Allow",
        Action: actionsOn("objects"),
        Resource: objectsOf(bucket),
      },
      why: `for the app's key, on the objects of files (o/) and probes (probe/):${whyOf("objects")}`,
    },
    {
      statement: {
        Sid: "LapseAppAudit",
        Effect: "Allow",
        Action: actionsOn("audit"),
        Resource: `${bucketArn(bucket)}/${AUDIT_PREFIX}*`,
      },
      why: `for the app's key, on the head of the audit log (${AUDIT_PREFIX}), which it cannot delete, and on nothing else:${whyOf("audit")}`,
    },
  ]
}

/** The statement that a colour's key needs to read only the objects of its colour. */
export const signerStatement = (bucket: string, colour: string): Reasoned => ({
  statement: {
    Sid: `LapseSigner${capitalized(colour)}`,
    Effect: "Allow",
    Action: "s3:GetObject",
    Resource: `${bucketArn(bucket)}/o/*`,
    Condition: { StringEquals: { [`s3:ExistingObjectTag/${SIGNER_TAG}`]: colour } },
  },
  why: `the key of ${colour} reads files of its colour and no others: another tag ends every address that it signed.`,
})

const tlsStatement = (bucket: string): Reasoned => ({
  statement: {
    Sid: "LapseTlsOnly",
    Effect: "Deny",
    Action: "s3:*",
    Resource: [bucketArn(bucket), `${bucketArn(bucket)}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  },
  why: "without TLS everyone on the way reads the address, and whoever has it has the file.",
})

const ageStatement = (name: string, action: string, bucket: string, ms: number): Reasoned => ({
  statement: {
    Sid: `LapseAddressAge${name}`,
    Effect: "Deny",
    Action: action,
    Resource: objectsOf(bucket),
    Condition: { NumericGreaterThan: { "s3:signatureAge": String(ms) } },
  },
  why: `an address that was signed more than ${ms / 60_000} minutes ago is refused whatever it says, so a stolen key makes none that live for days.`,
})

const ageStatements = (bucket: string) => [
  ageStatement("Get", "s3:GetObject", bucket, MAX_AGE_MS.get),
  ageStatement("Put", "s3:PutObject", bucket, MAX_AGE_MS.put),
]

/** The statements of a bucket policy that apply to everyone, besides the users' permissions. */
const denials = ({ bucket, tls }: PolicyInput, flavour: Flavour) => [
  ...(tls ? [tlsStatement(bucket)] : []),
  ...(flavour === "ceph" ? [] : ageStatements(bucket)),
]

const TAG_WRITES = ["s3:PutObjectTagging", "s3:DeleteObjectTagging"]

/**
 * Prevents everyone except the app from changing the tag of a colour. Ceph ignores conditions on
 * the user and on new tags, so there others cannot write any tags of such a file.
 */
function tagStatement({ bucket, app }: PolicyInput, flavour: Flavour, colour: string): Reasoned {
  const has = { StringEquals: { [`s3:ExistingObjectTag/${SIGNER_TAG}`]: colour } }
  const loses = { StringNotEquals: { [`s3:RequestObjectTag/${SIGNER_TAG}`]: colour } }
  const onCeph = flavour === "ceph"
  return {
    statement: {
      Sid: `LapseTagKept${capitalized(colour)}`,
      Effect: "Deny",
      ...(onCeph ? { NotPrincipal: { AWS: app } } : { Principal: "*" }),
      Action: TAG_WRITES,
      Resource: `${bucketArn(bucket)}/o/*`,
      Condition: onCeph ? has : { ArnNotEquals: { "aws:PrincipalArn": app }, ...has, ...loses },
    },
    why: onCeph
      ? `no one but the app writes tags of a file of ${colour}: an old tag ${SIGNER_TAG} that is written back would bring back addresses that were cut off.`
      : `who writes tags of a file of ${colour} leaves the tag ${SIGNER_TAG} as it is: an old one that is written back would bring back addresses that were cut off.`,
  }
}

const withPrincipal = (Principal: unknown, { statement, why }: Reasoned): Reasoned => {
  const { Sid, Effect, ...rest } = statement
  return { statement: { ...(Sid ? { Sid } : {}), Effect, Principal, ...rest }, why }
}

export function bucketStatements(input: PolicyInput, flavour: Flavour): Reasoned[] {
  const { bucket, app, signers } = input
  return [
    ...denials(input, flavour).map((each) => withPrincipal("*", each)),
    ...appStatements(input).map((each) => withPrincipal({ AWS: app }, each)),
    ...signers.map(({ colour, arn }) =>
      withPrincipal({ AWS: arn }, signerStatement(bucket, colour)),
    ),
    ...signers.map(({ colour }) => tagStatement(input, flavour, colour)),
  ]
}

/** The statements of the app user's policy, for stores whose policies belong to users (MinIO). */
export const appUserStatements = (input: PolicyInput, flavour: Flavour): Reasoned[] => [
  ...denials(input, flavour),
  ...appStatements(input),
]

/** The policy statements of a colour's user, for stores whose policies belong to users (MinIO). */
export const signerUserStatements = (
  input: PolicyInput,
  flavour: Flavour,
  colour: string,
): Reasoned[] => [...denials(input, flavour), signerStatement(input.bucket, colour)]

export const policyOf = (all: readonly Reasoned[]): Policy => ({
  Version: "2012-10-17",
  Statement: all.map(({ statement }) => statement),
})

const OURS =
  /^Lapse(TlsOnly|AppBucket|AppObjects|AppAudit|AddressAge(Get|Put)|(Signer|TagKept)[A-Z][a-z]*)$/

/** Whether a statement was made by this file, for any set of colours. */
export const isOwnStatement = ({ Sid }: Statement) => Sid !== undefined && OURS.test(Sid)

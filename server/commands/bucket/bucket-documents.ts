import {
  appUserStatements,
  bucketStatements,
  namedCorsRule,
  policyOf,
  type Reasoned,
  signerUserStatements,
  stalePartsRule,
  type Wanted,
} from "#lib/adapters/storage.ts"
import { IDLE_HOURS } from "#lib/rooms/files/upload/idle-hours.ts"
import { EXIT } from "#server/commands/command.ts"
import type { BucketInput } from "./bucket-input.ts"

/** A JSON text to paste, with instructions where to paste it and a reason for each entry. */
type BucketDocument = { title: string; how: string; whys: string[]; json: unknown }

/** The documents that a bucket of this kind and its users need. */
function documentsFor(input: BucketInput): BucketDocument[] {
  return [...policyDocuments(input), corsDocument(input), lifecycleDocument(input)]
}

/** The configuration that `bucket apply` can write: some stores keep users' rights elsewhere. */
export function wantedOf({ flavour, policy, appUrl }: BucketInput): Wanted {
  const hasPolicy = flavour === "aws" || flavour === "ceph"
  return {
    ...(hasPolicy ? { policy: policyOf(bucketStatements(policy, flavour)).Statement } : {}),
    cors: [namedCorsRule(appUrl)],
    lifecycle: [stalePartsRule],
  }
}

function policyDocuments(input: BucketInput): BucketDocument[] {
  const { flavour, policy } = input
  if (flavour === "r2") return []
  if (flavour !== "minio") {
    const reasoned = bucketStatements(policy, flavour)
    const how = `The policy of the bucket. \`lapse bucket apply\` merges it with what is there; \`${s3api(input)} put-bucket-policy --bucket ${policy.bucket} --policy file://policy.json\` replaces what is there.`
    return [documentOf("Policy of the bucket", how, reasoned)]
  }
  return [
    documentOf(
      "Policy of the app's user",
      attach(nameOf(policy.app), "app.json"),
      appUserStatements(policy, flavour),
    ),
    ...policy.signers.map(({ colour, arn }) =>
      documentOf(
        `Policy of the user of ${colour}`,
        attach(nameOf(arn), `${colour}.json`),
        signerUserStatements(policy, flavour, colour),
      ),
    ),
  ]
}

const nameOf = (arn: string) => arn.split("/").at(-1) ?? arn

const attach = (user: string, file: string) =>
  `\`mc admin policy create ALIAS ${user} ${file} && mc admin policy attach ALIAS ${user} --user ${user}\``

const documentOf = (title: string, how: string, reasoned: Reasoned[]): BucketDocument => ({
  title,
  how,
  whys: reasoned.map(({ statement, why }) => `${statement.Sid}: ${why}`),
  json: policyOf(reasoned),
})

const s3api = ({ endpoint }: BucketInput) =>
  endpoint ? `aws --endpoint-url ${endpoint} s3api` : "aws s3api"

function corsDocument(input: BucketInput): BucketDocument {
  const { appUrl, policy, flavour } = input
  const rule = namedCorsRule(appUrl)
  const file = "--cors-configuration file://cors.json"
  const byMinio = ` A MinIO that refuses it takes \`mc admin config set ALIAS api cors_allow_origin=${appUrl}\`.`
  return {
    title: "CORS of the bucket",
    how: `\`${s3api(input)} put-bucket-cors --bucket ${policy.bucket} ${file}\` replaces what is there.${flavour === "minio" ? byMinio : ""}`,
    whys: [
      `${rule.ID}: pages of ${appUrl} upload straight to the bucket and download from it; other pages may not.`,
    ],
    json: { CORSRules: [rule] },
  }
}

function lifecycleDocument(input: BucketInput): BucketDocument {
  const { policy } = input
  const rule = stalePartsRule
  const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation
  const file = "--lifecycle-configuration file://lifecycle.json"
  return {
    title: "Lifecycle of the bucket",
    how: `\`${s3api(input)} put-bucket-lifecycle-configuration --bucket ${policy.bucket} ${file}\` replaces what is there.`,
    whys: [
      `${rule.ID}: parts of uploads that never ended cost money and no list shows them. Lapse ends idle uploads after ${IDLE_HOURS} h; ${days} days is for those it lost sight of.`,
    ],
    json: { Rules: [rule] },
  }
}

export function notesFor({ flavour, isIncomplete, plain }: BucketInput): string[] {
  return [
    ...(isIncomplete
      ? ["ACCOUNT is a placeholder for your AWS account number: set it with --account."]
      : []),
    ...plain.map(
      (address) =>
        `${address} is http, so no statement asks for TLS: it would shut Lapse out. Give the store an https address.`,
    ),
    ...NOTES[flavour],
  ]
}

const NOTES: Record<BucketInput["flavour"], string[]> = {
  aws: [
    "The users need no other policy, where they are of the account of the bucket. Keep “Block public access” on.",
  ],
  ceph: [
    "Let another user than the app's own the bucket: an owner may do everything, whatever the policy says.",
    "Ceph accepts s3:signatureAge and ignores it, so no statement here has it.",
  ],
  minio: [
    "MinIO gives rights to users, so `bucket apply` sets CORS and lifecycle only.",
    "Give no other user s3:PutObjectTagging or s3:DeleteObjectTagging on o/: an old signer tag that is written back would make blocked download links work again.",
    "MinIO ends multipart uploads after 24 h, slow ones included: `mc admin config set ALIAS api stale_uploads_expiry=336h`.",
    "Whether an heir of MinIO honours conditions on tags and on the age of addresses, `lapse doctor` tries.",
  ],
  r2: [
    "R2 has no policies: create an API token with “Object Read & Write” for this bucket only.",
    "R2 has no conditions on tags: leave S3_SIGNERS unset. Cut offs then copy files.",
    "R2 ends multipart uploads after 7 days.",
  ],
}

export function printDocuments(input: BucketInput): number {
  const sections = documentsFor(input).map(({ title, how, whys, json }) =>
    [`# ${title}`, how, ...whys.map((why) => `- ${why}`), JSON.stringify(json, null, 2)].join("\n"),
  )
  const notes = notesFor(input).map((note) => `- ${note}`)
  console.log([...sections, ["# To know", ...notes].join("\n")].join("\n\n"))
  return EXIT.clean
}

import type { Command } from "#server/commands/command.ts"

export const bucket: Command = {
  summary: "print, or write, the policy and rules that the bucket needs",
  usage: `lapse bucket policy|apply [--for aws|ceph|minio|r2]

  policy prints what the app's key, the key of each colour and the bucket need, as JSON to paste,
  with why. apply writes what the bucket itself holds: it reads what is there, keeps what others
  put, shows the difference, asks, and runs the doctor.
  --for KIND           the kind of store, where its address does not say; minio also for its heirs
  --app NAME           the user of the app's key (lapse), a name or an ARN
  --signer COLOUR=NAME the user of the key of a colour (lapse-COLOUR); repeat it
  --account ID         the number of the AWS account, or the tenant in Ceph
  --keys-from PREFIX   apply: takes keys that may change the bucket from the environment, from
                       PREFIX_ACCESS_KEY_ID and PREFIX_SECRET_ACCESS_KEY
  --profile NAME       apply: takes them from a profile of AWS's configuration files
  --yes                apply: does not ask`,
  operand: "policy or apply",
  operands: ["policy", "apply"],
  options: {
    for: { type: "string" },
    app: { type: "string" },
    signer: { type: "string", multiple: true },
    account: { type: "string" },
    "keys-from": { type: "string" },
    profile: { type: "string" },
    yes: { type: "boolean" },
  },
  async run(options, what) {
    // Imported here, because the module loads the AWS SDK.
    const { readBucketInput } = await import("./bucket-input.ts")
    const input = readBucketInput(options)
    if (what === "apply") return (await import("./bucket-apply.ts")).applyBucket(input, options)
    return (await import("./bucket-documents.ts")).printDocuments(input)
  },
}

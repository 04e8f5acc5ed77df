import { type Policy, userArn } from "./ceph.ts"

/** Lets the user named after each colour read the files of the bucket that carry the colour. */
export const signerPolicy = (bucket: string, colours: readonly string[]): Policy => ({
  Version: "2012-10-17",
  Statement: colours.map((colour) => ({
    Effect: "Allow",
    Principal: { AWS: [userArn(colour)] },
    Action: "s3:GetObject",
    Resource: [`arn:aws:s3:::${bucket}/o/*`],
    Condition: { StringEquals: { "s3:ExistingObjectTag/signer": colour } },
  })),
})

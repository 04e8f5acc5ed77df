import { type Policy, userArn } from "./ceph.ts"

/**
 * A policy that lets one user per colour read the bucket's files of that colour: by default the
 * user named after it.
 */
export const signerPolicy = (
  bucket: string,
  colours: readonly string[],
  userOf = (colour: string) => colour,
): Policy => ({
  Version: "2012-10-17",
  Statement: colours.map((colour) => ({
    Effect: "Allow",
    Principal: { AWS: [userArn(userOf(colour))] },
    Action: "s3:GetObject",
    Resource: [`arn:aws:s3:::${bucket}/o/*`],
    Condition: { StringEquals: { "s3:ExistingObjectTag/signer": colour } },
  })),
})

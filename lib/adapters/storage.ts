import "server-only"

// The functions through which rooms use the bucket. Only lib/adapters/storage/ uses the AWS SDK.
export { readAuditHead, type StoredHead, writeAuditHead } from "./storage/audit-head.ts"
export { isBroken, isRefusal, reasonOf } from "./storage/calls/reason-of.ts"
export {
  completeRefusesOverwrite,
  largestUpload,
  maxParts,
  probeAgain,
  refusesOverwrite,
  verifiesPartSha256,
  verifiesSha256,
} from "./storage/capabilities.ts"
export { copyObject } from "./storage/copy.ts"
export { doStoreClocksAgree } from "./storage/doctor/checks/check-clocks.ts"
export { PROPOSED_COLOURS } from "./storage/doctor/checks/check-signers.ts"
export { findPublicAccess, type PublicAccess } from "./storage/doctor/find-public-access.ts"
export { newBrowserTest } from "./storage/doctor/new-browser-test.ts"
export { createProbe, type Probe } from "./storage/doctor/probe.ts"
export { storeChecks } from "./storage/doctor/store-checks.ts"
export {
  checkBucket,
  deleteObject,
  headObject,
  type ListedObject,
  listObjects,
  readObject,
  readStart,
  type StoreKind,
  storeKind,
  storeTime,
} from "./storage/objects.ts"
export {
  credentialsExpireAt,
  dispositionOf,
  PUT_TTL_SECONDS,
  presignGet,
  presignOwnGet,
  presignPart,
  presignPut,
  publicStorageOrigin,
} from "./storage/presign.ts"
export { probeSigners, type SignersRefused, tryGet } from "./storage/probe-signers.ts"
export {
  type Change,
  NONE,
  openBucketAdmin,
  type Place,
  type Wanted,
} from "./storage/rights/bucket-admin.ts"
export { namedCorsRule, stalePartsRule } from "./storage/rights/bucket-rules.ts"
export {
  appUserStatements,
  bucketStatements,
  FLAVOURS,
  type Flavour,
  type PolicyInput,
  policyOf,
  type Reasoned,
  signerUserStatements,
} from "./storage/rights/policy.ts"
export { ownStoreTime, tryClock, UnknownStoreTime } from "./storage/store-clock.ts"
export { findProbes, removeProbes } from "./storage/sweep-probes.ts"
export {
  addTags,
  colourObject,
  MAX_TAGS,
  type ObjectTags,
  readColour,
  readOtherTags,
  readTags,
} from "./storage/tags.ts"
export {
  abortMultipart,
  assemblyUnderWay,
  completeMultipart,
  createMultipart,
  listMultiparts,
  listParts,
  type Part,
} from "./storage/uploads/multipart.ts"
export { MIN_FILE_PART_BYTES, putFile } from "./storage/uploads/put-file.ts"

import "server-only"
import {
  checkAddressing,
  checkCredentials,
  checkPrivate,
  checkTemporary,
  checkWrite,
} from "./checks/check-access.ts"
import { checkAuditHead } from "./checks/check-audit-head.ts"
import { checkClocks } from "./checks/check-clocks.ts"
import { checkLifecycle } from "./checks/check-lifecycle.ts"
import { checkCopy, checkDelete, checkOverrides, checkVersioning } from "./checks/check-objects.ts"
import { checkOtherTags } from "./checks/check-other-tags.ts"
import { checkCors, checkPublicEndpoint } from "./checks/check-public.ts"
import { checkColours, checkSignerRights } from "./checks/check-signers.ts"
import {
  checkChecksums,
  checkCompleteOverwrite,
  checkLateParts,
  checkListParts,
  checkOverwrite,
  checkSignedLength,
} from "./checks/check-uploads.ts"
import { checkClaimParameter, checkExpiry, checkSignatureAge } from "./checks/check-urls.ts"

/** The checks of the store, by their ids in the list (lib/rooms/checks/check-list.ts). */
export const storeChecks = {
  clocks: checkClocks,
  public_endpoint: checkPublicEndpoint,
  cors: checkCors,
  credentials: checkCredentials,
  temporary_credentials: checkTemporary,
  addressing: checkAddressing,
  write: checkWrite,
  private: checkPrivate,
  signed_length: checkSignedLength,
  expiry: checkExpiry,
  overwrite: checkOverwrite,
  complete_overwrite: checkCompleteOverwrite,
  list_parts: checkListParts,
  late_parts: checkLateParts,
  copy: checkCopy,
  delete: checkDelete,
  overrides: checkOverrides,
  checksums: checkChecksums,
  colours: checkColours,
  signer_rights: checkSignerRights,
  other_tags: checkOtherTags,
  signature_age: checkSignatureAge,
  claim_parameter: checkClaimParameter,
  versioning: checkVersioning,
  audit_head: checkAuditHead,
  lifecycle: checkLifecycle,
}

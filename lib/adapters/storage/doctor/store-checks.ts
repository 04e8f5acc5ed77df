import "server-only"
import { checkCredentials, checkPrivate } from "./checks/check-access.ts"
import { checkAuditHead } from "./checks/check-audit-head.ts"
import { checkClocks } from "./checks/check-clocks.ts"
import { checkCors } from "./checks/check-cors.ts"
import { checkLifecycle } from "./checks/check-lifecycle.ts"
import { checkCopy, checkDelete } from "./checks/check-objects.ts"
import { checkPublicEndpoint } from "./checks/check-public.ts"
import { checkColours } from "./checks/check-signers.ts"
import { checkChecksums, checkOverwrite, checkParts } from "./checks/check-uploads.ts"
import { checkPresignedUrls, checkSignatureAge } from "./checks/check-urls.ts"

/** The checks of the store, by their ids in the list (lib/rooms/checks/check-list.ts). */
export const storeChecks = {
  clocks: checkClocks,
  public_endpoint: checkPublicEndpoint,
  cors: checkCors,
  credentials: checkCredentials,
  private: checkPrivate,
  presigned_urls: checkPresignedUrls,
  overwrite: checkOverwrite,
  parts: checkParts,
  copy: checkCopy,
  delete: checkDelete,
  checksums: checkChecksums,
  colours: checkColours,
  signature_age: checkSignatureAge,
  audit_head: checkAuditHead,
  lifecycle: checkLifecycle,
}

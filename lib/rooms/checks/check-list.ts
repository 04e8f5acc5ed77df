import "server-only"
import type { Check, CheckId } from "#lib/adapters/findings/finding.ts"
import { storeChecks as store } from "#lib/adapters/storage.ts"
import { checkAppAddress } from "./lines/check-app-address.ts"
import { checkBackup, checkBackupTried } from "./lines/check-backup.ts"
import { checkBrowser } from "./lines/check-browser.ts"
import { checkAppCertificate, checkStoreCertificate } from "./lines/check-certificate.ts"
import { checkDatabaseServer } from "./lines/check-database-server.ts"
import { checkDisk } from "./lines/check-disk.ts"
import { checkMail } from "./lines/check-mail.ts"
import { checkClient, checkProvider } from "./lines/check-provider.ts"
import { checkProxies } from "./lines/check-proxies.ts"
import { checkScan } from "./lines/check-scan.ts"
import { checkVersion } from "./lines/check-version.ts"
import type { Tools } from "./tools.ts"

const writing = { group: "storage", needs: ["bucket", "writing"] } as const
// A wrong clock alone breaks every presigned URL.
const signing = { group: "storage", needs: ["bucket", "writing", "clocks"] } as const
const outside = { group: "storage", needs: ["bucket", "writing", "clocks", "public"] } as const

/**
 * Every check, in the order in which Admin → Checks, `lapse doctor` and the API list them. To add
 * one, write its check in lines/, its texts in messages/en/checks.json, and its row here.
 */
export const CHECKS: { [Id in CheckId]: Check<Id, Tools> } = {
  app_address: { group: "address", run: checkAppAddress },
  tls: { group: "address", run: checkAppCertificate },
  proxies: { group: "address", run: checkProxies },
  public_endpoint: { ...signing, group: "address", run: store.public_endpoint },
  store_tls: { group: "address", run: checkStoreCertificate },
  cors: { ...outside, group: "address", run: store.cors },
  browser: { group: "address", run: checkBrowser },

  credentials: { group: "storage", run: store.credentials },
  temporary_credentials: { group: "storage", run: store.temporary_credentials },
  addressing: { group: "storage", run: store.addressing },
  write: { group: "storage", needs: ["bucket"], run: store.write },
  private: { ...outside, run: store.private },
  signed_length: { ...outside, run: store.signed_length },
  expiry: { ...signing, run: store.expiry },
  overwrite: { ...signing, run: store.overwrite },
  complete_overwrite: { ...writing, run: store.complete_overwrite },
  list_parts: { ...outside, run: store.list_parts },
  late_parts: { ...outside, run: store.late_parts },
  copy: { ...signing, run: store.copy },
  delete: { ...writing, run: store.delete },
  overrides: { ...outside, run: store.overrides },
  checksums: { ...writing, run: store.checksums },
  colours: { ...signing, needs: ["database", ...signing.needs], run: store.colours },
  signer_rights: { ...writing, run: store.signer_rights },
  other_tags: { ...writing, needs: ["database", "bucket", "writing"], run: store.other_tags },
  signature_age: { ...signing, run: store.signature_age },
  claim_parameter: { ...signing, run: store.claim_parameter },
  versioning: { ...writing, run: store.versioning },
  audit_head: { ...writing, run: store.audit_head },
  lifecycle: { group: "storage", needs: ["bucket"], run: store.lifecycle },

  database: { group: "server", run: checkDatabaseServer },
  clocks: { group: "server", needs: ["database", "bucket"], run: store.clocks },
  disk: { group: "server", run: checkDisk },
  scan: { group: "server", needs: ["database"], run: checkScan },
  version: { group: "server", needs: ["database"], run: checkVersion },

  provider: { group: "people", run: checkProvider },
  provider_client: { group: "people", needs: ["provider"], run: checkClient },
  mail: { group: "people", needs: ["database"], run: checkMail },

  backup: { group: "backups", needs: ["database"], run: checkBackup },
  backup_tried: { group: "backups", needs: ["database"], run: checkBackupTried },
}

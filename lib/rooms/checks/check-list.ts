import "server-only"
import type { Check, CheckId } from "#lib/adapters/findings/finding.ts"
import { storeChecks as store } from "#lib/adapters/storage.ts"
import { checkAppAddress } from "./lines/check-app-address.ts"
import { checkBackup, checkBackupTried } from "./lines/check-backup.ts"
import { checkBrowser } from "./lines/check-browser.ts"
import { checkCertificates } from "./lines/check-certificate.ts"
import { checkDatabaseServer } from "./lines/check-database-server.ts"
import { checkMail } from "./lines/check-mail.ts"
import { checkProvider } from "./lines/check-provider.ts"
import { checkProxies } from "./lines/check-proxies.ts"
import { checkRetention } from "./lines/check-retention.ts"
import { checkScan } from "./lines/check-scan.ts"
import type { Tools } from "./tools.ts"

const bucket = { group: "storage", needs: ["bucket"] } as const
// A wrong clock is enough to break every presigned URL.
const signing = { group: "storage", needs: ["bucket", "clocks"] } as const
const outside = { group: "storage", needs: ["bucket", "clocks", "public"] } as const

/**
 * Every check, in the order in which Admin → Checks, `lapse doctor` and the API list them. To add
 * one, write its check in lines/, its texts in messages/en/checks.json, and its row here.
 */
export const CHECKS: { [Id in CheckId]: Check<Id, Tools> } = {
  app_address: { group: "address", run: checkAppAddress },
  tls: { group: "address", run: checkCertificates },
  proxies: { group: "address", run: checkProxies },
  public_endpoint: { ...signing, group: "address", run: store.public_endpoint },
  cors: { ...outside, group: "address", run: store.cors },
  browser: { group: "address", run: checkBrowser },

  credentials: { group: "storage", run: store.credentials },
  private: { ...outside, run: store.private },
  presigned_urls: { ...signing, run: store.presigned_urls },
  overwrite: { ...signing, run: store.overwrite },
  parts: { ...outside, run: store.parts },
  copy: { ...signing, run: store.copy },
  delete: { ...bucket, run: store.delete },
  checksums: { ...bucket, run: store.checksums },
  colours: { ...signing, needs: ["database", ...signing.needs], run: store.colours },
  signature_age: { ...signing, run: store.signature_age },
  audit_head: { ...bucket, run: store.audit_head },
  lifecycle: { ...bucket, run: store.lifecycle },

  database: { group: "server", run: checkDatabaseServer },
  clocks: { group: "server", needs: ["database", "bucket"], run: store.clocks },
  scan: { group: "server", needs: ["database"], run: checkScan },
  retention: { group: "server", needs: ["database"], run: checkRetention },

  provider: { group: "people", run: checkProvider },
  mail: { group: "people", needs: ["database"], run: checkMail },

  backup: { group: "backups", needs: ["database"], run: checkBackup },
  backup_tried: { group: "backups", needs: ["database"], run: checkBackupTried },
}

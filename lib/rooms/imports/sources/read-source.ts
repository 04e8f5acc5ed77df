import "server-only"
import { readPalmr } from "./read-palmr.ts"
import { readPingvin } from "./read-pingvin.ts"
import type { App, Source } from "./source.ts"

const READERS = { pingvin: readPingvin, palmr: readPalmr }

export const readSource = (app: App, directory: string): Source & { root: string } =>
  READERS[app](directory)

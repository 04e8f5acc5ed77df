import "server-only"
import { readPalmr } from "./read-palmr.ts"
import { readPingvin } from "./read-pingvin.ts"
import type { App, Source } from "./source.ts"

const READERS = { pingvin: readPingvin, palmr: readPalmr }

/** Reads an app's data, and returns it with the directory of its files. */
export const readSource = (app: App, directory: string): Source & { root: string } =>
  READERS[app](directory)

import { existsSync } from "node:fs"
import path from "node:path"
import { buildApp } from "#server/build/build.ts"
import { generateClient } from "#server/build/generate-client.ts"
import { shareCeph } from "#testing/ceph/shared-ceph.ts"
import { copyTemplateCluster } from "#testing/database/template-cluster.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { findChromium, findHeadlessShell } from "#testing/programs/find-chromium.ts"
import { findFirefox } from "#testing/programs/find-firefox.ts"
import { findWebKit } from "#testing/programs/find-webkit.ts"
import { type Output, root } from "./run-tool.ts"
import { type Outcome, readPlaywright } from "./test-report.ts"

/** Builds the app and runs the stories in browsers: all, or only in the named files. */
export async function runPlaywright(
  { say, runTool }: Output,
  results: string,
  files: string[],
): Promise<Outcome> {
  if (!existsSync(path.join(root, "e2e"))) return { passed: 0, failed: 0 }
  await generateClient(say)
  await buildApp(say)
  const chromium = findChromium(say)
  const shell = process.env.HEAVY ? undefined : findHeadlessShell(say)
  const firefox = findFirefox(say)
  const webkit = process.env.HEAVY ? findWebKit(say) : undefined
  const directory = makeFastDirectory()
  await copyTemplateCluster(directory.path)
  const env = {
    LAPSE_TEST_CLUSTER: path.join(directory.path, "cluster"),
    // Heavy stories store more than fits into memory, so their bytes go to the disk.
    ...(process.env.HEAVY ? {} : { LAPSE_TEST_DATA: directory.path }),
    ...(chromium ? { LAPSE_TEST_CHROMIUM: chromium } : {}),
    ...(shell ? { LAPSE_TEST_HEADLESS_SHELL: shell } : {}),
    ...(firefox ? { LAPSE_TEST_FIREFOX: firefox } : {}),
    ...(webkit ? { LAPSE_TEST_WEBKIT: webkit } : {}),
    ...(process.env.HEAVY ? await shareCeph(say) : {}),
  }
  const code = await runTool("playwright", ["test", ...files], { env })
  directory.remove()
  return readPlaywright(path.join(results, "e2e.json"), code)
}

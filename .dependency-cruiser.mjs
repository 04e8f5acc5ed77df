// The import law. `npm test -- lint` holds it; a comment below is what a broken rule prints.
//   app → components, lib/api → lib/web → rooms → adapters
//   visitor → components, guests' calls of lib/api → rooms → adapters
//   server starts them all                         packages stand alone

/**
 * The layers of lib/, from the bottom: each uses only those before it. A layer is a file, a folder,
 * or a file with its insides in the folder of its name.
 */
const ADAPTERS = [
  "process-wide",
  "version",
  "errors",
  "text",
  "findings",
  "http",
  "host",
  "configuration",
  "secrets",
  "monitoring",
  "outages",
  "database",
  "throttle",
  "queue",
  "storage",
  "smtp",
  "clamd",
  "oidc",
  "watch",
]
const ROOMS = [
  "audit",
  "settings",
  "mail",
  "accounts",
  "files",
  "cut-offs",
  "shares",
  "claims",
  "requests",
  "questions",
  "activity",
  "notices",
  "retention",
  "admin",
  "imports",
  "exports",
  "checks",
  "jobs",
]
export const LAYERS = [...ADAPTERS, ...ROOMS, "web", "api"]
/** Where a layer is, without the end of a file's name. */
export function placeOf(layer) {
  if (layer === "web" || layer === "api") return `lib/${layer}`
  return `lib/${ROOMS.includes(layer) ? "rooms" : "adapters"}/${layer}`
}
const at = (...layers) => `^(${layers.map(placeOf).join("|")})([.]ts$|/)`
const front = (...layers) => `^(${layers.map(placeOf).join("|")})[.]ts$`
const TESTS = "[.](test|spec)[.]tsx?$|^(bench|e2e|testing)/|^packages/[^/]+/testing[.]ts$"
const GENERATED = "^#?prisma/generated/" // missing before the first build: then unresolved
const npm = (...names) => `(^|/)node_modules/(${names.join("|")})/`

const LAW = {
  "no-cycle": {
    comment:
      "Files that import each other, even for a type, can only be read and changed together.",
    from: {},
    to: { circular: true },
  },
  "import-resolves": {
    comment: "The law cannot judge an import that it does not find.",
    from: {},
    to: { couldNotResolve: true, pathNot: GENERATED },
  },
  "entry-is-not-imported": {
    comment: "A request or a process starts in app/ and bin/: nothing else builds on them.",
    from: { pathNot: `^(app|bin)/|${TESTS}` },
    to: { path: "^(app|bin)/" },
  },
  "components-take-values": {
    comment: "A page asks a room and hands values to its components: they do not call adapters.",
    from: { path: "^components/", pathNot: TESTS },
    to: {
      path: at("clamd", "configuration", "database", "oidc", "queue", "secrets", "smtp", "storage"),
    },
  },
  "dialogs-keep-what-is-typed": {
    comment:
      "A dialog of components/ui loses nothing that was typed in it: others use that, not the library's.",
    from: { pathNot: `^components/ui/|${TESTS}` },
    to: { path: "(^|/)node_modules/@base-ui/react/(alert-dialog|dialog|drawer|popover)/" },
  },
  "base-ui-on-demand": {
    comment:
      "Base UI comes with the part that uses it, when that is used: import Dialog, Menu or useToast.",
    from: {
      pathNot: `^components/ui/(dialogs/(dialog-(views|window)|keep-typed)|overlays/(menu|palette|toast)-view)[.]tsx$|${TESTS}`,
    },
    to: { path: npm("@base-ui") },
  },
  "visitor-without-next": {
    comment:
      "Visitors are served without Next, and so are the components and calls of lib/api used for them.",
    from: { path: "^visitor/", pathNot: TESTS },
    to: { path: `${npm("next", "next-auth")}|^lib/web/`, reachable: true },
  },
  "only-server-mounts-visitor": {
    comment: "visitor/ answers everything under /s/ by itself: the members' side does not use it.",
    from: { pathNot: `^(visitor|server)/|${TESTS}` },
    to: { path: "^visitor/" },
  },
  "lib-is-below": {
    comment: "lib/ is the product: it does not know what displays it or starts it.",
    from: { path: "^lib/", pathNot: TESTS },
    to: { path: "^(components|packages)/" },
  },
  "only-web-knows-next": {
    comment:
      "Rooms and adapters take values and return values: only lib/web and lib/api know Next and React.",
    from: { path: "^lib/", pathNot: `^lib/(web|api)/|${TESTS}` },
    to: { path: npm("next", "next-auth", "next-intl", "react", "react-dom") },
  },
  ...Object.fromEntries(
    LAYERS.slice(0, -1).map((layer, place) => [
      `layer-${layer}`,
      {
        comment: `A layer of lib/ uses those before it: ${LAYERS.join(" ← ")}.`,
        from: { path: at(layer), pathNot: TESTS },
        to: { path: at(...LAYERS.slice(place + 1)) },
      },
    ]),
  ),
  "layer-has-a-place": {
    comment: "A new file or folder of lib/ takes its place among the layers, in this file.",
    from: {},
    to: { path: "^lib/", pathNot: `${at(...LAYERS)}|${TESTS}` },
  },
  "server-is-on-top": {
    comment: "server/ starts everything else: only commands, benchmarks and tests import it.",
    from: { pathNot: `^(server|bin)/|${TESTS}` },
    to: { path: "^server/" },
  },
  "package-stands-alone": {
    comment:
      "A package works without Lapse: it imports nothing of it, nor of another package but transfer/, connections/ and file-lock/.",
    from: { path: "^packages/([^/]+)/", pathNot: "[.]test[.]ts$" },
    to: {
      pathNot: "^packages/($1|transfer|connections|file-lock)/|(^|/)node_modules/",
      dependencyTypesNot: ["core"],
    },
  },
  "e2e-speaks-http": {
    comment: "End-to-end tests use the built app as people do: by its pages and addresses.",
    from: { path: "^e2e/" },
    to: { path: "^(app|components|lib|packages|server|visitor)/" },
  },
  "product-without-test-code": {
    comment: "What runs in production does not contain what tests need.",
    from: { pathNot: TESTS },
    to: { path: TESTS },
  },
  "one-database-client": {
    comment:
      "lib/adapters/database.ts makes the client. Only jobs, migrations and server/ connect on their own, by lib/adapters/database/db-client.ts.",
    from: {
      pathNot: `${front("database")}|^lib/adapters/database/db-client[.]ts$|${at("jobs")}|^(server|prisma)/|${TESTS}`,
    },
    to: { path: npm("pg", "@prisma", "graphile-worker") },
  },
  "one-prisma-client": {
    comment: "lib/adapters/database.ts makes the client: ask it, or take its types.",
    from: { pathNot: `${front("database")}|${TESTS}` },
    to: { path: GENERATED },
  },
  "one-storage-client": {
    comment:
      "Only lib/adapters/storage talks to S3: import #lib/adapters/storage.ts, which says what it can be asked.",
    from: { pathNot: `${at("storage")}|^server/embedded/object-store[.]ts$|${TESTS}` },
    to: { path: `${npm("@aws-sdk", "@smithy")}|^lib/adapters/storage/` },
  },
  "one-mail-client": {
    comment:
      "Only lib/adapters/smtp talks to the mail server: a room queues a mail by lib/rooms/mail.",
    from: { pathNot: `${at("smtp")}|${TESTS}` },
    to: { path: `${npm("nodemailer")}|^lib/adapters/smtp/` },
  },
  "one-provider": {
    comment:
      "Only lib/adapters/oidc talks to the identity provider and reads its documents and tokens.",
    from: { pathNot: `${at("oidc")}|${TESTS}` },
    to: { path: npm("jose", "openid-client") },
  },
}

const FENCES = {
  "adapter-is-fenced": {
    comment:
      'It has to import "server-only": then no bundle for browsers contains it or its users.',
    module: {
      path: `${front("configuration", "database", "queue", "secrets")}|${at("clamd", "oidc", "smtp", "storage")}`,
      pathNot: TESTS,
    },
    to: { path: npm("server-only") },
  },
}

const named = ([name, rule]) => ({ name, severity: "error", ...rule })

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: Object.entries(LAW).map(named),
  required: Object.entries(FENCES).map(named),
  options: {
    // TypeScript 7 has no compiler API, so swc parses the sources. It recognizes "import type", but
    // not every import("…") inside a type.
    parser: "swc",
    doNotFollow: { path: ["(^|/)node_modules/", "^prisma/generated/"] },
    exclude: { path: ["^[.]next/", "^(data|test-results)/"] },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["react-server", "import", "node", "default", "types"],
    },
  },
}

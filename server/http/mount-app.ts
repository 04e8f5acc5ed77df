import path from "node:path"
import { findAmong } from "#lib/api/find-call.ts"
import { commandFile, readRoutes, staticFolder, visitorFolder } from "#server/build/build.ts"
import { listRoutes } from "#server/build/list-routes.ts"
import type { ServerConfiguration } from "#server/configuration/derive-configuration.ts"
import type { Started } from "#server/processes/shutdown.ts"
import { STATIC_PATH } from "./answer-request.ts"
import type { createHttpServer } from "./http-server.ts"
import { nameRoutes } from "./route-names.ts"
import { serveCommand } from "./serve-command.ts"
import { serveFiles } from "./serve-files.ts"
import { loadVisitor } from "./visitor/serve-visitor.ts"

const root = path.join(import.meta.dirname, "../..")

type Mounting = {
  server: Pick<ServerConfiguration, "appUrl" | "port">
  http: ReturnType<typeof createHttpServer>
  /** The folder of the build; null in development. */
  build: string | null
  started: Started
}

/** Starts Next and the visitors' handler, and passes the HTTP server's requests to them. */
export async function mountApp({ server: { appUrl, port }, http, build, started }: Mounting) {
  const dev = build === null
  const storage = await import("#lib/adapters/storage.ts")
  const { default: next } = await import("next")
  const app = next({
    dev,
    dir: root,
    hostname: appUrl.hostname,
    port,
    httpServer: http.server,
    quiet: true,
  })
  await quietly(dev, () => app.prepare())
  await started("next", () => app.close())
  const { renderingDocuments } = await import("#lib/web/document-status.ts")
  const { findMemberId, hasSession } = await import("#lib/web/sign-in/has-session.ts")
  // In development a call may be added while the server runs.
  const { routes, calls } = build === null ? { routes: listRoutes(), calls: [] } : readRoutes(build)
  const findCall = findAmong(calls)
  http.mount({
    next: renderingDocuments(app.getRequestHandler()),
    visitor: await prepareVisitor(build, started),
    ...(build !== null && {
      serveStatic: serveFiles(staticFolder(build), STATIC_PATH),
      serveCommand: serveCommand(commandFile(build)),
    }),
    storeOrigin: await storage.publicStorageOrigin(),
    hasSession,
    findMemberId,
    findCall,
    routeOf: nameRoutes(routes, findCall),
  })
}

/** Loads the visitors' handler; in development it is rebuilt when its sources change. */
async function prepareVisitor(build: string | null, started: Started) {
  if (build !== null) return loadVisitor(visitorFolder(build))
  const { developVisitor } = await import("#server/http/visitor/develop-visitor.ts")
  const { visitor, stop } = await developVisitor(path.join(root, ".next/visitor"))
  await started("visitor", stop)
  return visitor
}

/** Keeps Next's messages about its configuration file out of the console. */
async function quietly(dev: boolean, work: () => Promise<void>) {
  const { log } = console
  if (!dev) console.log = () => {}
  await work().finally(() => {
    console.log = log
  })
}

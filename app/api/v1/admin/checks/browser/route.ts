import { newBrowserTest } from "#lib/adapters/storage.ts"
import { immediateAdminRoute } from "#lib/web/api/member-route.ts"

/** Answers with addresses of the store for a browser to try out. */
export const POST = immediateAdminRoute(async () => Response.json(await newBrowserTest()))

import type { NextRequest } from "next/server"
import { signInBy } from "#lib/web/sign-in/next-auth.ts"

type Context = RouteContext<"/api/auth/callback/[provider]">

/** Signs in with `credentials` or a `passkey`, from a page or a program. */
export const POST = async (request: NextRequest, { params }: Context) =>
  signInBy((await params).provider)(request)

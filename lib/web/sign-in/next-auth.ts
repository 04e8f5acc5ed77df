import "server-only"
import { type NextRequest, NextResponse } from "next/server"
import NextAuth, { type AuthOptions } from "next-auth"
import CredentialsProvider from "next-auth/providers/credentials"
import { configuration } from "#lib/adapters/configuration.ts"
import { describeUserAgent } from "#lib/adapters/http/user-agent.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { SessionMember } from "#lib/rooms/accounts/member.ts"
import {
  findSessionMember,
  SESSION_SECONDS,
  signOut,
  startSession,
  type VerifiedMember,
} from "#lib/rooms/accounts/sign-in/session.ts"
import { withAddress } from "#lib/rooms/audit/origin.ts"
import { answerError } from "#lib/web/answer-error.ts"
import { ownPath } from "#lib/web/forms/own-path.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { refuseUnreadable } from "./next-auth-request.ts"
import { isHttps, keepKnownBrowser, readToken, tokenOf } from "./session-cookie.ts"
import { verifySignIn } from "./verify-sign-in.ts"

type Context = { params: Promise<{ nextauth: string[] }> }

/** Answers /api/auth, which the app's own sign-in pages and clients made for next-auth use. */
export async function answerAuth(request: NextRequest, context: Context): Promise<Response> {
  try {
    const [action] = (await context.params).nextauth
    // With this action next-auth lets anyone write into the log.
    if (action === "_log") throw refusal("not_found", "nothing")
    const unreadable = refuseUnreadable(request)
    if (unreadable) return unreadable
    const attempt: Attempt = {}
    const response: Response = await withAddress(clientAddress(request.headers), () =>
      NextAuth(request, context, authOptions(request, attempt)),
    )
    if (attempt.error) throw attempt.error
    if (!attempt.claim) return response
    return keepKnownBrowser(new NextResponse(response.body, response), request, attempt.claim)
  } catch (error) {
    return answerError(error, request)
  }
}

/** An attempt's result, kept here because next-auth turns errors into redirects with their text. */
type Attempt = { error?: unknown; claim?: VerifiedMember; member?: SessionMember }

function authOptions(request: NextRequest, attempt: Attempt): AuthOptions {
  async function remember<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work
    } catch (error) {
      attempt.error = error
      throw error
    }
  }

  return {
    secret: configuration.AUTH_SECRET,
    useSecureCookies: isHttps(),
    session: { strategy: "jwt", maxAge: SESSION_SECONDS },
    pages: {
      signIn: "/sign-in",
      error: "/sign-in",
      signOut: "/settings",
      verifyRequest: "/sign-in",
    },
    providers: [
      CredentialsProvider({
        credentials: {
          email: { type: "email" },
          password: { type: "password" },
          code: { type: "text" },
        },
        async authorize(credentials) {
          const claim = await remember(verifySignIn(request, credentials ?? {}))
          if (!claim) return null
          attempt.claim = claim
          return { id: claim.memberId }
        },
      }),
    ],
    callbacks: {
      redirect({ url, baseUrl }) {
        return `${baseUrl}${ownPath(url) ?? "/"}`
      },
      async jwt({ token, user }) {
        if (user && attempt.claim) {
          const agent = describeUserAgent(request.headers.get("user-agent") ?? "")
          return tokenOf(await remember(startSession(attempt.claim, agent)))
        }
        const claim = readToken(token)
        const member = claim && (await remember(findSessionMember(claim)))
        if (!member) throw new Error("the session is over") // next-auth then drops the cookie
        attempt.member = member
        return token
      },
      session({ session }) {
        const { member } = attempt
        return {
          expires: session.expires,
          ...(member && {
            user: { id: member.id, name: member.name, email: member.email, role: member.role },
          }),
        }
      },
    },
    events: {
      async signOut({ token }) {
        const claim = readToken(token)
        if (claim) await signOut(claim)
      },
    },
    logger: {
      error(code) {
        if (code !== "JWT_SESSION_ERROR") log.warn({ code }, "next-auth refused a request")
      },
      warn() {},
      debug() {},
    },
  }
}

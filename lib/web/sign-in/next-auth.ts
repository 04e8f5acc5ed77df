import "server-only"
import { type NextRequest, NextResponse } from "next/server"
import NextAuth, { type AuthOptions } from "next-auth"
import CredentialsProvider from "next-auth/providers/credentials"
import { configuration } from "#lib/adapters/configuration.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { SessionMember } from "#lib/rooms/accounts/member.ts"
import {
  findSessionMember,
  SESSION_SECONDS,
  signOut,
  type VerifiedMember,
} from "#lib/rooms/accounts/sign-in/session.ts"
import { withAddress } from "#lib/rooms/audit/origin.ts"
import { answerError } from "#lib/web/answer-error.ts"
import { formRoute } from "#lib/web/forms/form-route.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { refuseUnreadable } from "./next-auth-request.ts"
import { nextPath, signInPageFor } from "./next-path.ts"
import { startSessionOf } from "./session-answer.ts"
import { isHttps, keepKnownBrowser, readToken, tokenOf } from "./session-cookie.ts"
import { verifyPasskey, verifySignIn } from "./verify-sign-in.ts"

type Context = { params: Promise<{ nextauth: string[] }> }

/** Answers /api/auth for clients made for next-auth, but for its sign-ins. */
export async function answerAuth(request: NextRequest, context: Context): Promise<Response> {
  try {
    const [action] = (await context.params).nextauth
    // Sign-ins have a route of their own. With `_log` next-auth lets anyone write into the log.
    if (action === "callback" || action === "_log") throw refusal("not_found", "nothing")
    return await withAddress(clientAddress(request.headers), () => askNextAuth(request, context))
  } catch (error) {
    return answerError(error, request)
  }
}

/**
 * Signs in by one of next-auth's providers, with a form that has next-auth's `csrfToken`, and
 * redirects to `callbackUrl`. With `json` as "true" the answer is JSON, as next-auth's is.
 */
export const signInBy = (provider: string) =>
  formRoute(
    {
      page: (form) => signInPageFor(nextPath(form.get("callbackUrl"))),
      kept: ["email", "step"],
      ofPrograms: true,
    },
    async (form, request) => {
      const attempt: Attempt = {}
      const params = Promise.resolve({ nextauth: ["callback", provider] })
      const answer = await askNextAuth(request, { params }, attempt, form)
      if (answer.status >= 400) return answer
      // Without the right token next-auth does not ask the provider.
      if (!attempt.claim) throw refusal("forbidden", "stale_form")
      return keepKnownBrowser(new NextResponse(answer.body, answer), request, attempt.claim)
    },
  )

/** An attempt's result, kept here because next-auth turns errors into redirects with their text. */
type Attempt = { error?: unknown; claim?: VerifiedMember; member?: SessionMember }

async function askNextAuth(
  request: NextRequest,
  context: Context,
  attempt: Attempt = {},
  form = new URLSearchParams(),
): Promise<Response> {
  const unreadable = refuseUnreadable(request)
  if (unreadable) return unreadable
  const answer = await NextAuth(request, context, authOptions(request, attempt, form))
  if (attempt.error) throw attempt.error
  return answer
}

function authOptions(request: NextRequest, attempt: Attempt, form: URLSearchParams): AuthOptions {
  async function remember<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work
    } catch (error) {
      attempt.error = error
      throw error
    }
  }

  async function admit(verified: Promise<VerifiedMember>) {
    attempt.claim = await remember(verified)
    return { id: attempt.claim.memberId }
  }

  return {
    secret: configuration.AUTH_SECRET,
    useSecureCookies: isHttps(),
    session: { strategy: "jwt", maxAge: SESSION_SECONDS },
    jwt: { maxAge: SESSION_SECONDS },
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
        authorize: () => admit(verifySignIn(form, request)),
      }),
      CredentialsProvider({
        id: "passkey",
        name: "Passkey",
        credentials: { answer: { type: "text" } },
        authorize: () => admit(verifyPasskey(form, request)),
      }),
    ],
    callbacks: {
      redirect({ url, baseUrl }) {
        return `${baseUrl}${nextPath(url) ?? "/"}`
      },
      async jwt({ token, user }) {
        if (user && attempt.claim) {
          return tokenOf(await remember(startSessionOf(request, attempt.claim)))
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

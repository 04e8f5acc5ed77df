import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from "jose"
import Provider, { type Configuration } from "oidc-provider"

export const CLIENT = { id: "lapse", secret: "a secret between two machines" }

/** A person at the provider: the subject, and the provider's claims. */
export type Person = { sub: string } & Record<string, unknown>

/** Changes the claims, or the key, of the ID tokens that the provider issues. */
export type Tampering = (claims: JWTPayload) => JWTPayload

type Wanted = {
  /** The address of Lapse. */
  appUrl?: string
  people: Person[]
  /** Whether the ID token has the claims of scopes, or only userinfo has them. */
  claimsIn?: "token" | "userinfo"
  /** Whether it supports the parameter `claims`. */
  takesClaims?: boolean
  clientAuthentication?: "client_secret_basic" | "client_secret_post"
  port?: number
}

/**
 * Starts npm's certified `oidc-provider` on a port of this machine. Every sign-in is by the person
 * of `signIn`, without a form.
 */
export async function startProvider({
  appUrl = "http://localhost:3000",
  people,
  claimsIn = "token",
  takesClaims = false,
  clientAuthentication = "client_secret_basic",
  port = 0,
}: Wanted) {
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => {}
  const paths: string[] = []
  const server = createServer((request, response) => {
    paths.push(request.url ?? "")
    handle(request, response)
  })
  server.listen(port, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (typeof address !== "object" || !address) throw new Error("it does not listen")
  const issuer = `http://localhost:${address.port}`
  let who = people[0]?.sub ?? ""
  let tamper: Tampering | null = null
  let key = await newKey()
  let signsWith = key
  let app = appUrl
  begin()

  function begin() {
    const made = new Provider(
      issuer,
      configurationOf({ appUrl: app, people, claimsIn, takesClaims, clientAuthentication, key }),
    )
    made.use(async (context, next) => {
      if (context.path.startsWith("/interaction/")) {
        const result = { login: { accountId: who } }
        context.respond = false
        return made.interactionFinished(context.req, context.res, result)
      }
      await next()
      const { body } = context
      if (context.path !== "/token" || typeof body !== "object" || !tamper) return
      const [, payload = ""] = String(Reflect.get(body, "id_token")).split(".")
      const claims = JSON.parse(Buffer.from(payload, "base64url").toString())
      Reflect.set(body, "id_token", await signed(tamper(claims)))
    })
    handle = made.callback()
  }

  const signed = async (claims: object) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: "RS256", kid: signsWith.kid ?? "" })
      .sign(await importJWK(signsWith, "RS256"))

  return {
    issuer,
    /** How often its discovery document was requested. */
    discoveries: () => paths.filter((path) => path.startsWith("/.well-known/")).length,
    /** From now on, serves a Lapse at another address. */
    serve(url: string) {
      app = url
      begin()
    },
    signIn(sub: string) {
      who = sub
    },
    tamperWith(how: Tampering | null) {
      tamper = how
    },
    /** Publishes a new key in place of the old one. */
    async rotate({ signsWithOld = false } = {}) {
      const old = key
      key = await newKey()
      signsWith = signsWithOld ? old : key
      begin()
    },
    /** Signs claims with the provider's key. */
    signed,
    /**
     * Calls Lapse to end a session of a person. The library would do it, but not on this machine:
     * it refuses to call loopback addresses.
     */
    async endSession(sub: string, sid: string) {
      const now = Math.floor(Date.now() / 1000)
      const events = { "http://schemas.openid.net/event/backchannel-logout": {} }
      const times = { iat: now, exp: now + 120, jti: crypto.randomUUID() }
      const token = await signed({ iss: issuer, aud: CLIENT.id, ...times, events, sub, sid })
      const body = new URLSearchParams({ logout_token: token })
      const answer = await fetch(`${app}/auth/oidc/logout`, { method: "POST", body })
      if (!answer.ok) throw new Error(await answer.text())
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    },
  }
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: crypto.randomUUID(), alg: "RS256", use: "sig" }
}

function configurationOf({
  appUrl,
  people,
  claimsIn,
  takesClaims,
  clientAuthentication,
  key,
}: Required<Omit<Wanted, "port">> & { key: JWK }): Configuration {
  const find = (sub: string) => people.find((person) => person.sub === sub)
  return {
    jwks: { keys: [key] },
    cookies: { keys: ["a key of the test"] },
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${appUrl}/api/auth/callback/oidc`],
        post_logout_redirect_uris: [`${appUrl}/signed-out`],
        backchannel_logout_uri: `${appUrl}/auth/oidc/logout`,
        backchannel_logout_session_required: true,
        require_auth_time: true,
        token_endpoint_auth_method: clientAuthentication,
      },
    ],
    claims: {
      openid: ["sub"],
      sid: null,
      iss: null,
      auth_time: null,
      email: ["email", "email_verified"],
      profile: ["name", "groups", "realm_access", "hd"],
    },
    clientAuthMethods: [clientAuthentication],
    conformIdTokenClaims: claimsIn === "userinfo",
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: takesClaims },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, sub) => {
      const person = find(sub)
      return person && { accountId: sub, claims: () => person }
    },
    async loadExistingGrant({ oidc }) {
      const { client, session, provider } = oidc
      const grant = new provider.Grant({
        clientId: client?.clientId,
        accountId: session?.accountId,
      })
      grant.addOIDCScope("openid email profile")
      await grant.save()
      return grant
    },
    renderError(context, out) {
      context.type = "text"
      context.body = JSON.stringify(out)
    },
  }
}

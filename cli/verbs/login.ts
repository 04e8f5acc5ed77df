import { hostname } from "node:os"
import type { Scope } from "#lib/rooms/accounts/tokens/token.ts"
import { anything, count, object, optional, shaped, text as string } from "../answer-shapes.ts"
import { EXIT, Failure } from "../failure.ts"
import { addressOf, createAsk, readSecret, sendAs } from "../installation.ts"
import { installations } from "../kept.ts"
import { print, say } from "../terminal.ts"
import { text, type Verb } from "../verb.ts"

const SCOPES: Scope[] = [
  "files:read",
  "files:write",
  "shares:read",
  "shares:write",
  "requests:read",
  "requests:write",
]

const Device = object({
  deviceCode: string,
  userCode: string,
  verificationUri: string,
  interval: count,
  expiresIn: count,
})

const Poll = object({ token: optional(string), code: optional(string) })

export const login: Verb = {
  summary: "signs in to an installation",
  usage: `lapse login ADDRESS [options]

Shows a code to confirm in the browser, and keeps a token on this machine.
Programs set LAPSE_URL and LAPSE_TOKEN (or LAPSE_TOKEN_FILE) instead.

  --token-file FILE     takes a token that was made on the page; - is standard input
  --team TEAM           acts for this team, by its name in addresses (accounting)
  --name NAME           how the token is listed (default: the name of this machine)`,
  options: {
    "token-file": { type: "string" },
    name: { type: "string" },
    team: { type: "string" },
  },
  operands: { least: 1, most: 1 },
  async run(options, [address = ""]) {
    const url = addressOf(address)
    if (url.startsWith("http:") && !/^http:\/\/(localhost|127\.|\[::1\])/.test(url))
      say("This address has no encryption: others on the network can read the token.")
    const file = text(options["token-file"])
    const token = file
      ? await readSecret(file)
      : await approve(url, { name: text(options.name) ?? hostname(), team: text(options.team) })
    await createAsk({ url, token })("GET /me", {}, anything)
    const kept = await installations.read()
    await installations.write({ current: url, tokens: { ...kept?.tokens, [url]: token } })
    print(`Signed in to ${url}.`)
  },
}

type Asking = { name: string; team: string | undefined }

/** Waits until a member approves the code in a browser, and returns the token. */
async function approve(url: string, { name, team }: Asking): Promise<string> {
  const body = { name, scopes: SCOPES, ...(team !== undefined && { team }) }
  const device = await createAsk({ url })("POST /device", { body }, Device)
  say(`Open ${device.verificationUri} and enter the code ${device.userCode}`)
  const until = Date.now() + device.expiresIn * 1_000
  let seconds = Math.max(1, device.interval)
  while (Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
    const { token, code } = await sendAs({ url })(`${url}/api/v1/device/token`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ deviceCode: device.deviceCode }),
    })
      .then(async (response) => shaped(await response.json(), Poll))
      .catch(() => ({ token: null, code: null })) // no answer: asked again
    if (token) return token
    if (code === "slow_down") seconds += 5
    else if (code === "denied") throw new Failure(EXIT.denied, "The code was refused.")
    else if (code === "expired") break
  }
  throw new Failure(EXIT.denied, "The code has expired. Call lapse login again.")
}

export const logout: Verb = {
  summary: "forgets the token on this machine",
  usage: `lapse logout [ADDRESS]

The token itself is ended on the page of your account.`,
  options: {},
  operands: { least: 0, most: 1 },
  async run(_options, [address]) {
    const kept = await installations.read()
    const url = address ? addressOf(address) : kept?.current
    if (!kept || !url || !kept.tokens[url]) return say("There is no token on this machine.")
    const { [url]: _gone, ...tokens } = kept.tokens
    const [next] = Object.keys(tokens)
    if (next) await installations.write({ current: next, tokens })
    else await installations.remove()
    print(`Forgot the token of ${url}.`)
  },
}

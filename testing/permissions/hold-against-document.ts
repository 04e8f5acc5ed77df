import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"
import addFormats from "ajv-formats"
import { CALLS } from "#lib/api/calls/all-calls.ts"
import { openApi } from "#lib/api/open-api.ts"

type Told = { at: string; body: string | null; answer: Response }

type Operation = {
  responses: Record<string, { content?: Record<string, unknown> }>
  requestBody?: unknown
}

/** Answers without a body; 499 is for a client that has gone. */
const EMPTY = [204, 302, 304, 499]

let checks: ReturnType<typeof makeChecks> | undefined

/**
 * Throws if a call's answer, or a body that it accepted, is not as the OpenAPI document says.
 * `callApi` asks for each call of each test.
 */
export async function holdAgainstDocument({ at, body, answer }: Told): Promise<void> {
  checks ??= makeChecks()
  const { operation, validate } = checks
  const [method = "", path = ""] = at.replace(/^HEAD/, "GET").split(" ")
  const found = operation(path, method.toLowerCase())
  if (!found) return
  const { pointer, responses } = found
  const status = String(answer.status) in responses ? String(answer.status) : "default"
  const type = answer.headers.get("content-type") ?? ""
  if (answer.ok && status === "default") throw new Error(`${at} may not answer ${answer.status}.`)
  const isGiven = answer.ok && body !== null && body !== "" && found.hasBody
  // A call for several things accepts a body of which it refuses a part.
  if (isGiven && !(await answer.clone().text()).includes('"problem":'))
    validate(`${pointer}/requestBody/content/application~1json/schema`, JSON.parse(body), at)
  if (at.startsWith("HEAD") || EMPTY.includes(answer.status)) return
  const declared = responses[status]?.content
  if (status === "default")
    return validate(
      "/components/responses/Problem/content/application~1problem+json/schema",
      await answer.clone().json(),
      at,
    )
  if (!declared || !(type in declared)) throw new Error(`${at} answers ${type}.`)
  if (type === "application/json")
    validate(
      `${pointer}/responses/${status}/content/application~1json/schema`,
      await answer.clone().json(),
      at,
    )
}

function makeChecks() {
  const document = openApi(CALLS)
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  addFormats(ajv)
  ajv.addSchema(document, "api")
  const compiled = new Map<string, ValidateFunction>()
  return {
    operation(path: string, method: string) {
      const operation = document.paths[path]?.[method] as Operation | undefined
      if (!operation) return null
      const escaped = path.replaceAll("~", "~0").replaceAll("/", "~1")
      const { responses, requestBody } = operation
      return {
        pointer: `/paths/${escaped}/${method}`,
        responses,
        hasBody: requestBody !== undefined,
      }
    },
    validate(pointer: string, value: unknown, at: string) {
      const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `api#${encodeURI(pointer)}` })
      compiled.set(pointer, validate)
      if (validate(value)) return
      throw new Error(`${at} is not as the document says: ${ajv.errorsText(validate.errors)}`)
    },
  }
}

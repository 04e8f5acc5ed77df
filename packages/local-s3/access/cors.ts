import type { ServerResponse } from "node:http"
import { childText, childTexts, type Element, type Node } from "../requests/xml.ts"
import { S3Error } from "../s3-error.ts"
import type { Headers } from "./sigv4.ts"

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html

export type CorsRule = {
  id?: string
  allowedOrigins: string[]
  allowedMethods: string[]
  allowedHeaders: string[]
  exposeHeaders: string[]
  maxAgeSeconds?: number
}

const METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD"]
const MAX_RULES = 100

export function parseCors(configuration: Node): CorsRule[] {
  const rules = configuration.children.filter(({ name }) => name === "CORSRule").map(parseRule)
  if (rules.length === 0 || rules.length > MAX_RULES) throw new S3Error("MalformedXML")
  return rules
}

function parseRule(node: Node): CorsRule {
  const rule: CorsRule = {
    allowedOrigins: childTexts(node, "AllowedOrigin"),
    allowedMethods: childTexts(node, "AllowedMethod"),
    allowedHeaders: childTexts(node, "AllowedHeader"),
    exposeHeaders: childTexts(node, "ExposeHeader"),
  }
  const id = childText(node, "ID")
  if (id !== undefined) rule.id = id
  const maxAge = childText(node, "MaxAgeSeconds")
  if (maxAge !== undefined) {
    if (!/^\d{1,9}$/.test(maxAge)) throw new S3Error("MalformedXML")
    rule.maxAgeSeconds = Number(maxAge)
  }
  if (rule.allowedOrigins.length === 0 || rule.allowedMethods.length === 0)
    throw new S3Error("MalformedXML")
  for (const method of rule.allowedMethods)
    if (!METHODS.includes(method))
      throw new S3Error(
        "InvalidRequest",
        `Found unsupported HTTP method in CORS config. Unsupported method is ${method}`,
      )
  for (const pattern of [...rule.allowedOrigins, ...rule.allowedHeaders])
    if (pattern.split("*").length > 2)
      throw new S3Error("InvalidRequest", `"${pattern}" can not have more than one wildcard.`)
  for (const text of [...rule.allowedOrigins, ...rule.allowedHeaders, ...rule.exposeHeaders])
    if (!/^[\x21-\x7e]+$/.test(text))
      throw new S3Error("InvalidRequest", `"${text}" is not usable in a CORS configuration.`)
  return rule
}

export function corsElement(rules: CorsRule[]): Element {
  return [
    "CORSConfiguration",
    rules.map((rule): Element => {
      const texts = (name: string, values: string[]) =>
        values.map((value): Element => [name, value])
      return [
        "CORSRule",
        [
          ...texts("ID", rule.id === undefined ? [] : [rule.id]),
          ...texts("AllowedHeader", rule.allowedHeaders),
          ...texts("AllowedMethod", rule.allowedMethods),
          ...texts("AllowedOrigin", rule.allowedOrigins),
          ...texts("ExposeHeader", rule.exposeHeaders),
          ...texts(
            "MaxAgeSeconds",
            rule.maxAgeSeconds === undefined ? [] : [String(rule.maxAgeSeconds)],
          ),
        ],
      ]
    }),
  ]
}

/**
 * Answers a preflight, which browsers never sign. Refuses it with AccessForbidden if the bucket,
 * its configuration or a matching rule is missing. S3 does not distinguish the first two either.
 */
export function answerPreflight(
  rules: CorsRule[] | undefined,
  headers: Headers,
  response: ServerResponse,
) {
  const origin = headers.get("origin")?.[0]
  const method = headers.get("access-control-request-method")?.[0]
  if (!origin)
    throw new S3Error("BadRequest", "Insufficient information. Origin request header needed.")
  if (!method || ![...METHODS, "PATCH", "OPTIONS"].includes(method))
    throw new S3Error("BadRequest", `Invalid Access-Control-Request-Method: ${method ?? "null"}`)
  if (!rules || rules.length === 0) throw new S3Error("AccessForbidden")

  const wanted = (headers.get("access-control-request-headers")?.join(",") ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "")
  const rule = rules.find(
    (candidate) =>
      matchesOrigin(candidate, origin, method) &&
      wanted.every((name) =>
        candidate.allowedHeaders.some((pattern) => matches(pattern.toLowerCase(), name)),
      ),
  )
  if (!rule)
    throw new S3Error(
      "AccessForbidden",
      "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    )
  allowOrigin(rule, origin, response)
  if (wanted.length > 0) response.setHeader("Access-Control-Allow-Headers", wanted.join(", "))
  if (rule.maxAgeSeconds !== undefined)
    response.setHeader("Access-Control-Max-Age", rule.maxAgeSeconds)
  response.statusCode = 200
  response.setHeader("Content-Length", 0)
  response.end()
}

/** Lets a page of an allowed origin read the response, whether it is a success or an error. */
export function addCorsHeaders(
  rules: CorsRule[],
  method: string,
  headers: Headers,
  response: ServerResponse,
) {
  if (rules.length > 0) response.setHeader("Vary", "Origin")
  const origin = headers.get("origin")?.[0]
  if (!origin) return
  const rule = rules.find((candidate) => matchesOrigin(candidate, origin, method))
  if (rule) allowOrigin(rule, origin, response)
}

function allowOrigin(rule: CorsRule, origin: string, response: ServerResponse) {
  const anyone = rule.allowedOrigins.includes("*")
  response.setHeader("Access-Control-Allow-Origin", anyone ? "*" : origin)
  if (!anyone) response.setHeader("Access-Control-Allow-Credentials", "true")
  response.setHeader("Access-Control-Allow-Methods", rule.allowedMethods.join(", "))
  if (rule.exposeHeaders.length > 0)
    response.setHeader("Access-Control-Expose-Headers", rule.exposeHeaders.join(", "))
  response.setHeader(
    "Vary",
    "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
  )
}

function matchesOrigin(rule: CorsRule, origin: string, method: string) {
  return (
    rule.allowedMethods.includes(method) &&
    rule.allowedOrigins.some((pattern) => matches(pattern, origin))
  )
}

function matches(pattern: string, text: string) {
  const star = pattern.indexOf("*")
  if (star === -1) return pattern === text
  const before = pattern.slice(0, star)
  const after = pattern.slice(star + 1)
  return (
    text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after)
  )
}

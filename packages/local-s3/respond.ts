import { randomBytes } from "node:crypto"
import type { ServerResponse } from "node:http"
import type { RequestContext } from "./requests/request-context.ts"
import { type Element, errorDocument, xmlDocument } from "./requests/xml.ts"
import type { S3Error } from "./s3-error.ts"

export function newRequestId() {
  return randomBytes(8).toString("hex").toUpperCase()
}

export function sendEmpty({ response }: RequestContext, status: number) {
  response.statusCode = status
  if (status !== 204) response.setHeader("Content-Length", 0)
  response.end()
}

export function sendXml({ response }: RequestContext, root: Element) {
  const body = xmlDocument(root)
  response.statusCode = 200
  response.setHeader("Content-Type", "application/xml")
  response.setHeader("Content-Length", Buffer.byteLength(body))
  response.end(body)
}

export type FailedRequest = {
  method: string
  path: string
  requestId: string
  response: ServerResponse
}

/** Sends S3's error XML. A response that has already begun is aborted instead. */
export function sendError(
  { method, path, requestId, response }: FailedRequest,
  error: S3Error,
  ending: "end" | "keep open" = "end",
) {
  if (response.headersSent) {
    response.destroy()
    return
  }
  for (const name of response.getHeaderNames())
    if (OBJECT_HEADER.test(name)) response.removeHeader(name)
  const details = Object.entries(error.details).map(([name, value]): Element => [name, value])
  const body = errorDocument([
    ["Code", error.code],
    ["Message", error.message],
    ...details,
    ["Resource", path],
    ["RequestId", requestId],
    ["HostId", requestId],
  ])
  response.statusCode = error.status
  response.setHeader("Content-Type", "application/xml")
  if (method !== "HEAD") {
    response.setHeader("Content-Length", Buffer.byteLength(body))
    response.write(body)
  }
  if (ending === "end") response.end()
}

const OBJECT_HEADER =
  /^(etag|last-modified|accept-ranges|cache-control|content-(disposition|encoding|language)|expires|x-amz-(meta|mp|checksum|tagging)-.*)$/

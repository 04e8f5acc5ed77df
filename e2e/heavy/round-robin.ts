import http, { type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

export type RoundRobin = {
  /** The URL that represents all servers. */
  url: string
  /** Sets the servers that get the requests from now on, in turns. */
  serve: (urls: string[]) => void
  /** The number of requests to each server since `serve`. */
  given: () => number[]
  close: () => void
}

/**
 * A reverse proxy that sends each request to the next server. A server that refuses the connection
 * is skipped; a request that broke midway is answered with 502, since it may have been done.
 */
export async function openRoundRobin(): Promise<RoundRobin> {
  let servers: { url: URL; given: number }[] = []
  let turn = 0
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 })

  const forward = (request: IncomingMessage, response: ServerResponse, left: number) => {
    const server = servers[turn++ % servers.length]
    if (!server || left === 0) {
      response.writeHead(502).end()
      return
    }
    const { method = "GET", url: path = "/", headers, socket } = request
    const { hostname, port } = server.url
    const forwarded = { ...headers, "x-forwarded-for": socket.remoteAddress ?? "" }
    const onward = http.request({ agent, hostname, port, method, path, headers: forwarded })
    onward.on("response", (answer) => {
      server.given += 1
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.on("error", () => response.destroy()).pipe(response)
    })
    onward.on("error", (error: NodeJS.ErrnoException) => {
      if (response.headersSent) response.destroy()
      else if (error.code === "ECONNREFUSED") forward(request, response, left - 1)
      else response.writeHead(502).end()
    })
    onward.once("socket", (opened) => {
      const send = () => request.pipe(onward)
      if (opened.connecting) opened.once("connect", send)
      else send()
    })
    response.on("close", () => onward.destroy())
  }

  const server = http.createServer((request, response) =>
    forward(request, response, servers.length),
  )
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://localhost:${port}`,
    serve(urls) {
      servers = urls.map((url) => ({ url: new URL(url), given: 0 }))
    },
    given: () => servers.map(({ given }) => given),
    close() {
      agent.destroy()
      server.closeAllConnections()
      server.close()
    },
  }
}

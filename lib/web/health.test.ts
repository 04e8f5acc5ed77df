import { NextRequest } from "next/server"
import { describe, expect, it } from "vitest"
import { GET as health } from "#app/api/health/route.ts"
import { GET as metricsRoute } from "#app/metrics/route.ts"
import { pool } from "#lib/db.ts"
import { settings } from "#lib/settings.ts"

describe("/api/health", () => {
  it("is green when the database and the storage answer", async () => {
    const answer = await health()
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { status: "ok", database: "ok", storage: "ok" },
    ])
  })

  it("names what fails, in bounded time even when it never answers", async () => {
    const query = pool().query
    pool().query = (() => new Promise(() => {})) as typeof query
    try {
      const answer = await health()
      expect([answer.status, await answer.json()]).toEqual([
        503,
        { status: "failing", database: "unreachable", storage: "ok" },
      ])
    } finally {
      pool().query = query
    }
  })
})

describe("/metrics", () => {
  const ask = (headers: Record<string, string> = {}) =>
    metricsRoute(new NextRequest("http://localhost:3000/metrics", { headers }))

  it("counts clicks and the process", async () => {
    const text = await (await ask()).text()
    expect(text).toContain("lapse_claims_total")
    expect(text).toContain("process_cpu_seconds_total")
  })

  it("asks for the token when there is one", async () => {
    settings.METRICS_TOKEN = "a token for metrics alone"
    try {
      expect((await ask()).status).toBe(401)
      expect((await ask({ Authorization: "Bearer something else" })).status).toBe(401)
      const right = await ask({ Authorization: "Bearer a token for metrics alone" })
      expect(right.status).toBe(200)
    } finally {
      delete settings.METRICS_TOKEN
    }
  })
})

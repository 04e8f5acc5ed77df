import { NextRequest } from "next/server"
import { describe, expect, it } from "vitest"
import { GET } from "#app/api/health/route.ts"
import { GET as metricsRoute } from "#app/metrics/route.ts"
import { configuration } from "#lib/adapters/configuration.ts"
import { pool } from "#lib/adapters/database.ts"
import { hostState } from "#lib/adapters/host/host-state.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { VERSION } from "#lib/adapters/version.ts"
import { aStore } from "#packages/local-s3/testing.ts"
import { withStoreAt } from "#testing/with-outage.ts"

const keys = {
  accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? "",
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? "",
}
const aDisk = ({ freeBytes }: { freeBytes: number }) => ({
  directory: "/data",
  freeBytes,
  reserveBytes: 1_000_000_000,
  takesUploads: true,
})
/** Asks for the health when the clocks were last compared long ago. */
function health() {
  hostState().clocksComparedAt = Number.NEGATIVE_INFINITY
  return GET()
}

const inSeconds = (seconds: number) => () => new Date(Date.now() + seconds * 1000)

describe("/api/health", () => {
  it("is green when the database and the storage answer", async () => {
    const answer = await health()
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        status: "ok",
        version: VERSION,
        database: "ok",
        storage: "ok",
        clocks: "ok",
        clocksApartSeconds: 0,
      },
    ])
  })

  it("names what fails, in bounded time even if it never answers", async () => {
    const query = pool().query
    pool().query = (() => new Promise(() => {})) as typeof query
    try {
      const answer = await health()
      expect([answer.status, await answer.json()]).toEqual([
        503,
        {
          status: "failing",
          version: VERSION,
          database: "unreachable",
          storage: "ok",
          clocks: "ok",
          clocksApartSeconds: 0,
        },
      ])
    } finally {
      pool().query = query
    }
  })
})

describe("/api/health about clocks and disk", () => {
  it("is red and names the clocks while those of database and bucket are apart", async () => {
    const store = await aStore({ bucket: configuration.S3_BUCKET, ...keys, now: inSeconds(90) })
    try {
      const answer = await withStoreAt(health, store.url)
      expect(answer.status).toBe(503)
      expect(await answer.json()).toEqual({
        status: "failing",
        version: VERSION,
        database: "ok",
        storage: "ok",
        clocks: "apart",
        clocksApartSeconds: expect.closeTo(90, -1),
        message: expect.stringMatching(
          /^The clocks of the database and the bucket differ by (89|90|91) s: the database is behind/,
        ),
      })
    } finally {
      await store.close()
    }
    expect((await health()).status).toBe(200)
  })

  it.each([20, -20])(
    "stays green and says a number while the clocks are %d s apart, and so do the metrics",
    async (seconds) => {
      const now = inSeconds(seconds)
      const store = await aStore({ bucket: configuration.S3_BUCKET, ...keys, now })
      try {
        const answer = await withStoreAt(health, store.url)
        const { clocksApartSeconds, ...rest } = await answer.json()
        expect([answer.status, rest]).toEqual([
          200,
          {
            status: "ok",
            version: VERSION,
            database: "ok",
            storage: "ok",
            clocks: "differ",
            message: expect.stringMatching(
              /^The clocks of the database and the bucket differ by \d\d s: /,
            ),
          },
        ])
        expect(Math.abs(clocksApartSeconds - seconds)).toBeLessThan(5)
        const text = await metrics().registry.metrics()
        const [, shown] = /^lapse_clocks_apart_seconds\{clock="bucket"\} (\S+)$/m.exec(text) ?? []
        expect(Number(shown)).toBeCloseTo(clocksApartSeconds, 0)
      } finally {
        await store.close()
      }
      expect(await (await health()).json()).toMatchObject({ clocks: "ok", clocksApartSeconds: 0 })
    },
  )

  it("says how much of the data directory's disk is free, and so do the metrics", async () => {
    hostState().disk = aDisk({ freeBytes: 5_000_000_000 })
    try {
      expect(await (await health()).json()).toMatchObject({
        status: "ok",
        freeBytes: 5_000_000_000,
      })
      hostState().disk = aDisk({ freeBytes: 999_999_999 })
      const low = await health()
      expect([low.status, await low.json()]).toMatchObject([200, { status: "ok", disk: "low" }])
      hostState().disk = aDisk({ freeBytes: 499_999_999 })
      const full = await health()
      expect([full.status, await full.json()]).toMatchObject([503, { disk: "full" }])
      hostState().disk = aDisk({ freeBytes: 5_000_000_000 })
      const { registry } = metrics()
      expect(await registry.metrics()).toContain('lapse_disk_free_bytes{disk="data"} 5000000000')
    } finally {
      hostState().disk = null
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
    configuration.METRICS_TOKEN = "a token for metrics alone"
    try {
      expect((await ask()).status).toBe(401)
      expect((await ask({ Authorization: "Bearer something else" })).status).toBe(401)
      const right = await ask({ Authorization: "Bearer a token for metrics alone" })
      expect(right.status).toBe(200)
    } finally {
      delete configuration.METRICS_TOKEN
    }
  })
})

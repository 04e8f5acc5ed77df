import net from "node:net"
import { parseArgs } from "node:util"
import { parseRestrictedKeys } from "./access/access-keys.ts"
import { startLocalS3 } from "./server.ts"

// The embedded object store as a separate process.

const USAGE = `Usage: npm run local-s3 -- --dir DIR --port PORT [--host HOST] [--reserve-bytes N]
                           [--deleted-key-seconds N]
                           [--proxy NETWORK]...

  --dir DIR             the directory of the objects; created if it is missing
  --port PORT           the port to listen on; 0 takes a free one
  --host HOST           the address to listen on; 127.0.0.1 by default
  --reserve-bytes N     how much of the disk uploads leave free; 0 by default
  --deleted-key-seconds N
                        how long a key that was deleted takes no object; 0 by default
  --proxy NETWORK       whose connections are many clients', as 10.0.0.0/8; may be given several times
  --help                prints this

Environment:
  LOCAL_S3_ACCESS_KEY_ID      the access key (required)
  LOCAL_S3_SECRET_ACCESS_KEY  its secret (required)
  LOCAL_S3_RESTRICTED_KEYS    further keys that only read certain objects, as JSON: see README
  LOCAL_S3_REGION             the region that signatures name; us-east-1 by default
`

const settings = readSettings()
const store = await startLocalS3(settings).catch((error: unknown) => exitWith(explain(error)))
process.stdout.write(`The object store of ${settings.dir} listens on ${store.url}\n`)
process.send?.({ listening: store.port })

// If the parent ends, even by kill -9, the port and the directory become free again.
process.on("disconnect", () => process.exit(0))
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, async () => {
    await store.close()
    process.exit(0)
  })

function readSettings() {
  const { LOCAL_S3_ACCESS_KEY_ID, LOCAL_S3_SECRET_ACCESS_KEY, LOCAL_S3_REGION } = process.env
  const { dir, port, host = "127.0.0.1", help, "reserve-bytes": reserve = "0" } = readArguments()
  const { "deleted-key-seconds": deletedKeySeconds = "0" } = readArguments()
  if (help) {
    process.stdout.write(USAGE)
    process.exit(0)
  }
  if (!dir) return exitWith("Say where the objects live: --dir DIR.")
  if (!port || !/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    return exitWith("Say on which port to listen: --port PORT (0 takes a free one).")
  if (!/^\d{1,15}$/.test(reserve))
    return exitWith("Say how many bytes of the disk stay free: --reserve-bytes N.")
  if (!/^\d{1,9}$/.test(deletedKeySeconds))
    return exitWith("Say for how long a deleted key takes no object: --deleted-key-seconds N.")
  if (!LOCAL_S3_ACCESS_KEY_ID) return exitWith("Set LOCAL_S3_ACCESS_KEY_ID to the access key.")
  if (!LOCAL_S3_SECRET_ACCESS_KEY)
    return exitWith("Set LOCAL_S3_SECRET_ACCESS_KEY to the secret of the access key.")
  return {
    dir,
    host,
    port: Number(port),
    accessKeyId: LOCAL_S3_ACCESS_KEY_ID,
    secretAccessKey: LOCAL_S3_SECRET_ACCESS_KEY,
    restrictedKeys: readRestrictedKeys(),
    reserveBytes: Number(reserve),
    deletedKeyMs: Number(deletedKeySeconds) * 1000,
    connections: { isProxy: readProxies() },
    region: LOCAL_S3_REGION || "us-east-1",
  }
}

function readProxies() {
  const { proxy: networks = [] } = readArguments()
  const proxies = new net.BlockList()
  for (const network of networks) {
    const [address = "", bits = ""] = network.split("/")
    const family = familyOf(address)
    const isWhole = /^\d{1,3}$/.test(bits) && Number(bits) <= (family === "ipv6" ? 128 : 32)
    if (!net.isIP(address) || !isWhole)
      return exitWith("Say which addresses are proxies: --proxy ADDRESS/BITS, as 10.0.0.0/8.")
    proxies.addSubnet(address, Number(bits), family)
  }
  return (address: string) => proxies.check(address, familyOf(address))
}

function familyOf(address: string) {
  return net.isIPv6(address) ? "ipv6" : "ipv4"
}

function readRestrictedKeys() {
  try {
    return parseRestrictedKeys(process.env.LOCAL_S3_RESTRICTED_KEYS || "[]")
  } catch (error) {
    return exitWith(`LOCAL_S3_RESTRICTED_KEYS cannot be used. ${explain(error)}`)
  }
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        dir: { type: "string" },
        port: { type: "string" },
        host: { type: "string" },
        help: { type: "boolean", short: "h" },
        "reserve-bytes": { type: "string" },
        "deleted-key-seconds": { type: "string" },
        proxy: { type: "string", multiple: true },
      },
    }).values
  } catch (error) {
    return exitWith(explain(error))
  }
}

function explain(error: unknown) {
  if (!(error instanceof Error)) return String(error)
  const code = "code" in error ? error.code : undefined
  const port = "port" in error ? error.port : undefined
  if (code === "EADDRINUSE") return `Port ${port} is taken. Choose another with --port.`
  if (code === "EADDRNOTAVAIL") return "This machine does not have that address. Check --host."
  if (code === "EACCES" && port !== undefined) return `Port ${port} may not be used by this user.`
  if (code === "EACCES" || code === "EROFS" || code === "ENOTDIR")
    return `The directory cannot be written (${error.message}). Choose another with --dir.`
  return error.message
}

function exitWith(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

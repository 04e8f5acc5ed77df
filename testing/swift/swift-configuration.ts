import { userInfo } from "node:os"
import path from "node:path"

/** The kinds of server, in the order in which they start. */
export const SWIFT_SERVERS = ["object", "container", "account", "proxy"] as const

type Wanted = {
  directory: string
  server: (typeof SWIFT_SERVERS)[number]
  port: number
  memcached: number
  /** The origin whose pages may call the store. */
  origin: string
  keys: { accessKeyId: string; secretAccessKey: string }
}

/** The files that one server of Swift reads, by name. The five settings of Lapse are marked. */
export function swiftConfiguration(wanted: Wanted): Record<string, string> {
  const { directory, server, port } = wanted
  const shared = `[DEFAULT]
swift_dir = ${directory}
devices = ${path.join(directory, "disks")}
mount_check = false
bind_ip = 127.0.0.1
bind_port = ${port}
workers = 0
user = ${userInfo().username}
log_level = WARNING
log_address = ${path.join(directory, "no-syslog")}
`
  return {
    "swift.conf": `[swift-hash]
swift_hash_path_suffix = tests
[storage-policy:0]
name = one
default = yes
`,
    [`${server}.conf`]: shared + (server === "proxy" ? proxy(wanted) : storage(server)),
  }
}

const storage = (server: string) => `[pipeline:main]
pipeline = ${server}-server
[app:${server}-server]
use = egg:swift#${server}
`

function proxy({ memcached, origin, keys }: Wanted) {
  const [account, user] = keys.accessKeyId.split(":")
  return `[pipeline:main]
pipeline = catch_errors gatekeeper cache bulk s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:${memcached}
[filter:s3api]
use = egg:swift#s3api
# S3_REGION.
location = us-east-1
# Parts of an upload; at the default of 1,000, parts of large files are larger.
max_upload_part_num = 10000
# APP_URL. The bucket and BUCKET+segments also need their metadata for CORS.
cors_preflight_allow_origin = ${origin}
[filter:tempauth]
use = egg:swift#tempauth
user_${account}_${user} = ${keys.secretAccessKey} .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
# As many as max_upload_part_num.
max_manifest_segments = 10000
[filter:copy]
use = egg:swift#copy
[filter:dlo]
use = egg:swift#dlo
`
}

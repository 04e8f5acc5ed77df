import path from "node:path"
import { GIB } from "#testing/units.ts"

type Wanted = { directory: string; fsid: string; monitor: string }

/** The configuration of a Ceph cluster on one machine that keeps its objects in memory. */
export function cephConfiguration({ directory, fsid, monitor }: Wanted): string {
  const below = (name: string) => path.join(directory, name)
  return `[global]
fsid = ${fsid}
mon_host = ${monitor}
mon_initial_members = a
public_addr = 127.0.0.1
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
# Without keys the gateway cannot begin an encrypted connection, which it does by default.
ms_mon_client_mode = crc secure

run_dir = ${below("run")}
admin_socket =
pid_file =
log_file = ${below("log/$name.log")}
mon_cluster_log_file = ${below("log/cluster.log")}
mon_data = ${below("mon")}
osd_data = ${below("osd")}
rgw_data = ${below("rgw")}

# One copy of each object, in memory. When it is full, writes wait.
osd_objectstore = memstore
memstore_device_bytes = ${cephMemoryBytes()}
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
mon_max_pg_per_osd = 1000

# A lone monitor has no other to wait for: by default, every change of the cluster takes a second.
paxos_propose_interval = 0.05
paxos_min_wait = 0.01

# The bytes of a deleted object are freed within half a minute; by default it takes hours.
rgw_gc_obj_min_wait = 15
rgw_gc_processor_period = 5
rgw_gc_processor_max_time = 5

rgw_sts_key = abcdefghijklmnop
rgw_s3_auth_use_sts = true

[osd]
admin_socket = ${below("run/$name.asok")}
`
}

/**
 * The memory limit for all objects: a machine with 24 GiB, most of it free, has room for an object
 * of 5 GiB and its copy.
 */
export const cephMemoryBytes = () => Math.min(12 * GIB, Math.floor(process.availableMemory() / 2))

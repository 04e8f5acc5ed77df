import fs from "node:fs"
import path from "node:path"
import { syncPath } from "#server/processes/durable.ts"
import { hasCluster, majorOf } from "../postgres-cluster.ts"

/** The folder beside a cluster in which the server of another major gets its rows. */
export const movingTo = (directory: string) => path.join(directory, "moving")

/** Replaces the old cluster, which is renamed, by the complete one. */
export function swapClusters(directory: string, now = new Date()): void {
  const cluster = path.join(directory, "cluster")
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, "")
  fs.renameSync(cluster, `${cluster}.postgres-${majorOf(cluster)}-${stamp}`)
  syncPath(directory)
  finishMove(directory)
}

/** Completes a swap of clusters that was killed after it renamed the old cluster. */
export function finishMove(directory: string): void {
  const cluster = path.join(directory, "cluster")
  const moved = path.join(movingTo(directory), "cluster")
  if (hasCluster(cluster) || !hasCluster(moved)) return
  fs.renameSync(moved, cluster)
  syncPath(directory)
}

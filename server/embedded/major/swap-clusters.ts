import fs from "node:fs"
import path from "node:path"
import { syncPath } from "#server/processes/durable.ts"
import { hasCluster, majorOf } from "../postgres-cluster.ts"

/** Where the cluster of a new major version of PostgreSQL is built before the swap. */
export const movingTo = (directory: string) => path.join(directory, "moving")

/** Replaces the old cluster with the finished new one. The old one is renamed, not deleted. */
export function swapClusters(directory: string, now = new Date()): void {
  const cluster = path.join(directory, "cluster")
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, "")
  fs.renameSync(cluster, `${cluster}.postgres-${majorOf(cluster)}-${stamp}`)
  syncPath(directory)
  finishMove(directory)
}

/**
 * Ends a move that was killed while it swapped the clusters: until the new one is complete, the
 * other is in its place.
 */
export function finishMove(directory: string): void {
  const cluster = path.join(directory, "cluster")
  const moved = path.join(movingTo(directory), "cluster")
  if (hasCluster(cluster) || !hasCluster(moved)) return
  fs.renameSync(moved, cluster)
  syncPath(directory)
}

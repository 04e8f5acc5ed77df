// Runs the jobs of the queue as a separate process, until it is killed.
import { startJobs } from "#lib/rooms/jobs/start-jobs.ts"

await startJobs()
process.send?.("started")

import { serveArchives } from "./serve-archives.ts"
import { writeToFile } from "./write-to-file.ts"

// One script for both ways to save: as a service worker it answers a navigation with the archive,
// as a worker of the page it writes into a file that the visitor picked.
if ("clients" in globalThis) serveArchives()
else writeToFile()

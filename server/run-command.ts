import { main, VERBS } from "../cli/main.ts"

// Verbs of members run as on any other machine, and read no settings of the server.
if (VERBS.has(process.argv[2] ?? "")) await main()
else process.exitCode = await (await import("./command-line.ts")).runCommandLine()

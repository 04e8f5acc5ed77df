// npm run bench -- NAME [arguments]: runs bench/NAME.ts.
const BENCHES = [
  "audit",
  "click",
  "cut-off",
  "download",
  "islands",
  "lists",
  "page",
  "upload",
  "web",
  "zip",
]
const [name = ""] = process.argv.splice(2, 1)
if (!BENCHES.includes(name)) {
  console.error(`Name a bench: npm run bench -- ${BENCHES.join(" | ")}`)
  process.exit(1)
}
await import(`./${name}.ts`)

export {}

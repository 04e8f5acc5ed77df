// npm run bench -- NAME [arguments]: runs bench/NAME.ts.
const [name = ""] = process.argv.splice(2, 1)
if (!/^[a-z-]+$/.test(name)) throw new Error("Name a bench: npm run bench -- click")
await import(`./${name}.ts`)

export {}

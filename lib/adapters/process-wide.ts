declare global {
  var lapseProcessWide: Map<string, unknown> | undefined
}

/**
 * Returns a value that the whole process shares under this name; the first call makes it. A
 * variable of a module is not enough: Next bundles the files of lib/ for pages and routes, while
 * server/, visitor/ and jobs load them natively, so a web process has two instances of each module.
 * Two pools would open twice the connections, and two counters would each count half.
 *
 * Each name is used with one type and in one module. If the value is replaced later, make an object
 * that holds it.
 */
export function processWide<Value>(name: string, make: () => Value): Value {
  globalThis.lapseProcessWide ??= new Map()
  const values = globalThis.lapseProcessWide
  if (!values.has(name)) values.set(name, make())
  return values.get(name) as Value // the module's other instance made it with the same `make`
}

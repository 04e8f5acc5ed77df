/** Node 20 lacks it; the parts that browsers and the command share use it. */
Promise.withResolvers ??= function withResolvers<Value>() {
  let resolve: PromiseWithResolvers<Value>["resolve"] = () => {}
  let reject: PromiseWithResolvers<Value>["reject"] = () => {}
  const promise = new Promise<Value>((...settle) => {
    ;[resolve, reject] = settle
  })
  return { promise, resolve, reject }
}

import { randomUUID } from "node:crypto"
import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { getSignedUrl } from "@aws-sdk/s3-request-presigner"
import type { Page } from "@playwright/test"
import type { startApp } from "../app.ts"

type App = Pick<Awaited<ReturnType<typeof startApp>>, "secret">

type BarePut = {
  app: App
  /** The address of the store on the line. */
  storeUrl: string
  /** The path of a page of the app that may send to the store. */
  from: string
  file: { path: string; size: number }
}

/** Seconds of one PUT of a file by a page of the app. */
export async function barePut(page: Page, { app, storeUrl, from, file }: BarePut) {
  const client = new S3Client({
    endpoint: storeUrl,
    region: "us-east-1",
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    credentials: {
      accessKeyId: app.secret("local-s3-access-key-id"),
      secretAccessKey: app.secret("local-s3-secret-access-key"),
    },
  })
  const object = { Bucket: "lapse", Key: `bench/${randomUUID()}` }
  const put = await getSignedUrl(
    client,
    new PutObjectCommand({ ...object, ContentLength: file.size, ContentType: "video/quicktime" }),
    { expiresIn: 900 },
  )
  await page.goto(from)
  await page.evaluate(() => {
    const input = document.createElement("input")
    input.type = "file"
    input.id = "bare"
    document.body.append(input)
  })
  await page.locator("#bare").setInputFiles(file.path)
  const seconds = await page.evaluate(
    (url) =>
      new Promise<number>((resolve, reject) => {
        const input = document.querySelector("#bare")
        const body = input instanceof HTMLInputElement ? input.files?.[0] : undefined
        if (!body) throw new Error("no file was chosen")
        const request = new XMLHttpRequest()
        const startedAt = performance.now()
        request.open("PUT", url)
        request.setRequestHeader("Content-Type", "video/quicktime")
        request.onload = () =>
          request.status === 200
            ? resolve((performance.now() - startedAt) / 1000)
            : reject(new Error(`${request.status} ${request.responseText}`))
        request.onerror = () => reject(new Error("the PUT got no answer"))
        request.send(body)
      }),
    put,
  )
  await client.send(new DeleteObjectCommand(object))
  client.destroy()
  return seconds
}

import { droppedFiles } from "#packages/uploader/picking/dropped-files.ts"
import { pickedFiles } from "#packages/uploader/picking/picked-files.ts"
import type { UploadSource } from "#packages/uploader/upload.ts"
import { dropLanguage } from "../drop-language.ts"
import { pageData } from "../page-data.ts"
import { startCountdowns } from "../times/countdown.ts"
import { showLocalTimes } from "../times/local-times.ts"
import { followRequest } from "./follow-request.ts"

// The script of a request. The code that sends files is loaded when the first one is chosen, or at
// once in a browser that has begun a delivery.
showLocalTimes()
startCountdowns()
dropLanguage()

const load = () => import("./send-files.ts")

async function send(chosen: Promise<UploadSource[]>) {
  const [{ add }, files] = await Promise.all([load(), chosen])
  add(files)
}

function offerSending(drop: HTMLElement) {
  for (const input of drop.querySelectorAll("input")) {
    if (input.matches("[data-folder]")) input.webkitdirectory = true
    input.addEventListener("change", () => {
      void send(pickedFiles(input.files ?? []))
      input.value = ""
    })
  }
  document.addEventListener("dragover", (event) => event.preventDefault())
  document.addEventListener("drop", (event) => {
    event.preventDefault()
    if (event.dataTransfer) void send(droppedFiles(event.dataTransfer))
  })
  if (pageData.delivery === "begun") void load()
  // A full request may take files again, which the script then offers.
  document.addEventListener("lapse:room", () => void (drop.hidden && load()))
}

const drop = document.querySelector<HTMLElement>("[data-drop]")
if (drop) {
  offerSending(drop)
  followRequest()
}

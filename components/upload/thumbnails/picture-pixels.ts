import "client-only"

/** Of an image that the browser has loaded and not yet drawn; 0 where it cannot be. */
export async function picturePixels(body: Blob): Promise<number> {
  const url = URL.createObjectURL(body)
  try {
    return await new Promise((resolve) => {
      const image = new Image()
      image.onload = () => resolve(image.naturalWidth * image.naturalHeight)
      image.onerror = () => resolve(0)
      image.src = url
    })
  } finally {
    URL.revokeObjectURL(url)
  }
}

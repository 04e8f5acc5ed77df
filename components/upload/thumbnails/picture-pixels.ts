import "client-only"

/** Returns the number of pixels of an image, without drawing it; 0 if it is unreadable. */
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

-- Visitors look at files before, or in place of, downloading them.
-- CreateEnum
CREATE TYPE "object_kind" AS ENUM ('file', 'thumbnail');

ALTER TYPE "event_kind" ADD VALUE 'preview';
ALTER TYPE "event_kind" ADD VALUE 'thumbnail';

-- AlterTable
ALTER TABLE "file" ADD COLUMN     "thumbnail_key" TEXT;

-- AlterTable
ALTER TABLE "object" ADD COLUMN     "kind" "object_kind" NOT NULL DEFAULT 'file';

-- AlterTable
ALTER TABLE "share" ADD COLUMN     "preview" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "view_only" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "watermark" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "share_counter" ADD COLUMN     "previews" BIGINT NOT NULL DEFAULT 0;

-- CreateIndex
CREATE UNIQUE INDEX "file_thumbnail_key_key" ON "file"("thumbnail_key");

-- AddForeignKey
ALTER TABLE "file" ADD CONSTRAINT "file_thumbnail_key_fkey" FOREIGN KEY ("thumbnail_key") REFERENCES "object"("key") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Without previews and downloads nothing opens.
ALTER TABLE "share" ADD CONSTRAINT "share_opens_something" CHECK ("preview" OR NOT "view_only");

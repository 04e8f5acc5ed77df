-- DropIndex
DROP INDEX "object_put_expires_at_idx";

-- AlterTable
ALTER TABLE "file" ADD COLUMN     "fingerprint" TEXT;

-- AlterTable
ALTER TABLE "object" ADD COLUMN     "checksums" BOOLEAN NOT NULL DEFAULT false;

-- CreateIndex
CREATE INDEX "file_unfinished_idx" ON "file"("owner_id", "created_at" DESC, "id" DESC) WHERE ("status" = 'uploading');

-- CreateIndex
CREATE INDEX "object_unfinished_idx" ON "object"("put_expires_at") WHERE ("state" = 'uploading');

-- CreateIndex
CREATE INDEX "file_reserved_idx" ON "file"("owner_id", "size") WHERE (delivery_id IS NOT NULL AND (status = 'uploading' OR counted_until IS NOT NULL));

-- Networks of guests are not kept any more.
UPDATE "delivery" SET "network" = NULL WHERE "network" IS NOT NULL;

-- CreateIndex
CREATE INDEX "file_created_idx" ON "file"("created_at", "id") WHERE (deleted_at IS NULL);

-- CreateIndex
CREATE INDEX "file_size_idx" ON "file"("size", "id") WHERE (deleted_at IS NULL);

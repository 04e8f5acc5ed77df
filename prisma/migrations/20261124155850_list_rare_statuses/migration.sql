-- CreateIndex
CREATE INDEX "share_revoked_idx" ON "share"("created_at" DESC, "id" DESC) WHERE (revoked_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "share_scheduled_idx" ON "share"("created_at" DESC, "id" DESC) WHERE (starts_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "share_limited_idx" ON "share"("created_at" DESC, "id" DESC) WHERE (max_downloads IS NOT NULL);

-- Trusted since PostgreSQL 13: the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- AlterTable
ALTER TABLE "member" ADD COLUMN "used_bytes" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "member" ADD CONSTRAINT "member_used_bytes_positive" CHECK ("used_bytes" >= 0);

-- CreateIndex
CREATE INDEX "file_name_idx" ON "file" USING GIN ("name" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "share_title_idx" ON "share" USING GIN ("title" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "share_file_share_id_position_idx" ON "share_file"("share_id", "position");

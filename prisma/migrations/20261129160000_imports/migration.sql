-- CreateTable
CREATE TABLE "imported" (
    "hash" BYTEA NOT NULL,
    "file_id" UUID,
    "share_id" UUID,

    CONSTRAINT "imported_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "old_link" (
    "hash" BYTEA NOT NULL,
    "public_id" BYTEA,

    CONSTRAINT "old_link_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE INDEX "imported_file_id_idx" ON "imported"("file_id");

-- CreateIndex
CREATE INDEX "imported_share_id_idx" ON "imported"("share_id");

-- CreateIndex
CREATE INDEX "old_link_public_id_idx" ON "old_link"("public_id");

-- AddForeignKey
ALTER TABLE "imported" ADD CONSTRAINT "imported_file_id_fkey" FOREIGN KEY ("file_id") REFERENCES "file"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "imported" ADD CONSTRAINT "imported_share_id_fkey" FOREIGN KEY ("share_id") REFERENCES "share"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "old_link" ADD CONSTRAINT "old_link_public_id_fkey" FOREIGN KEY ("public_id") REFERENCES "link"("public_id") ON DELETE SET NULL ON UPDATE SET NULL;

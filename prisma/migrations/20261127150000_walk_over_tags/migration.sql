-- AlterTable
ALTER TABLE "installation" ADD COLUMN     "tag_walk_after" TEXT,
ADD COLUMN     "tag_walk_began_at" TIMESTAMPTZ;

-- CreateIndex
CREATE INDEX "object_coloured_idx" ON "object"("colour_since") WHERE (state = 'live' AND colour IS NOT NULL);

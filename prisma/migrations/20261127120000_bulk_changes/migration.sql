-- Until now a lease said that shares were still being added.
ALTER TABLE "cut_off" ADD COLUMN     "all_added_at" TIMESTAMPTZ DEFAULT clock_timestamp();

-- CreateTable
CREATE TABLE "bulk_change" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    "requested_by_id" UUID NOT NULL,
    "origin" TEXT,
    "input" JSONB NOT NULL,
    "made_until" TIMESTAMPTZ NOT NULL,
    "total" INTEGER NOT NULL,
    "written" INTEGER NOT NULL,
    "written_to" UUID NOT NULL,
    "act_ids" UUID[],
    "progressed_at" TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    "done_at" TIMESTAMPTZ,

    CONSTRAINT "bulk_change_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "bulk_change_open_idx" ON "bulk_change"("requested_at") WHERE (done_at IS NULL);

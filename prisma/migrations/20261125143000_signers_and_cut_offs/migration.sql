-- Objects get the colour of the key that signs their URLs, and cut offs are rows.
CREATE TYPE "cut_off_how" AS ENUM ('nothing_out', 'recoloured', 'rekeyed', 'lapsed');

-- AlterTable
ALTER TABLE "file" ADD COLUMN     "cut_off_id" UUID;

-- AlterTable
ALTER TABLE "installation" ADD COLUMN     "signers_found" JSONB;

-- AlterTable
ALTER TABLE "object" ADD COLUMN     "colour" TEXT,
ADD COLUMN     "colour_since" TIMESTAMPTZ,
ADD COLUMN     "copying_until" TIMESTAMPTZ,
ADD COLUMN     "left_colours" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "tag_unsure" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "tagging_since" TIMESTAMPTZ;

-- AlterTable
ALTER TABLE "share" ADD COLUMN     "cut_off_id" UUID;

-- CreateTable
CREATE TABLE "cut_off" (
    "id" UUID NOT NULL,
    "requested_at" TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    "requested_by_id" UUID,
    "file_id" UUID,
    "reason" TEXT,
    "started_at" TIMESTAMPTZ,
    "insists" BOOLEAN NOT NULL DEFAULT false,
    "leased_until" TIMESTAMPTZ,
    "done_at" TIMESTAMPTZ,
    "probe_before" SMALLINT,
    "probe_after" SMALLINT,
    "probed_at" TIMESTAMPTZ,

    CONSTRAINT "cut_off_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cut_off_share" (
    "cut_off_id" UUID NOT NULL,
    "share_id" UUID NOT NULL,
    "exposed_until" TIMESTAMPTZ,

    CONSTRAINT "cut_off_share_pkey" PRIMARY KEY ("cut_off_id","share_id")
);

-- CreateTable
CREATE TABLE "cut_off_file" (
    "cut_off_id" UUID NOT NULL,
    "file_id" UUID NOT NULL,
    "out_until" TIMESTAMPTZ NOT NULL,
    "how" "cut_off_how",
    "done_at" TIMESTAMPTZ,

    CONSTRAINT "cut_off_file_pkey" PRIMARY KEY ("cut_off_id","file_id")
);

-- AddForeignKey
ALTER TABLE "cut_off_share" ADD CONSTRAINT "cut_off_share_cut_off_id_fkey" FOREIGN KEY ("cut_off_id") REFERENCES "cut_off"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cut_off_file" ADD CONSTRAINT "cut_off_file_cut_off_id_fkey" FOREIGN KEY ("cut_off_id") REFERENCES "cut_off"("id") ON DELETE CASCADE ON UPDATE CASCADE;

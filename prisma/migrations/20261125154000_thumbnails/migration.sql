-- AlterTable
ALTER TABLE "cut_off_file" DROP CONSTRAINT "cut_off_file_pkey",
ADD COLUMN     "kind" "object_kind" NOT NULL DEFAULT 'file',
ADD CONSTRAINT "cut_off_file_pkey" PRIMARY KEY ("cut_off_id", "file_id", "kind");

-- AlterTable
ALTER TABLE "object" ADD COLUMN     "content_type" TEXT,
ADD COLUMN     "size" BIGINT;

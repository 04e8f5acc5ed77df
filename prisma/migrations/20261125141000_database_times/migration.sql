-- When a row was made is the database's time: Prisma writes now() by the clock of its own process.
-- AlterTable
ALTER TABLE "audit_entry" ALTER COLUMN "at" SET DEFAULT statement_timestamp();

-- AlterTable
ALTER TABLE "claim" ALTER COLUMN "at" SET DEFAULT statement_timestamp();

-- AlterTable
ALTER TABLE "event" ALTER COLUMN "at" SET DEFAULT statement_timestamp();

-- AlterTable
ALTER TABLE "file" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();

-- AlterTable
ALTER TABLE "invite" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();

-- AlterTable
ALTER TABLE "link" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();

-- AlterTable
ALTER TABLE "link_secret" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();

-- AlterTable
ALTER TABLE "member" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();

-- AlterTable
ALTER TABLE "object" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();

-- AlterTable
ALTER TABLE "session" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp(),
ALTER COLUMN "last_used_at" SET DEFAULT statement_timestamp();

-- AlterTable
ALTER TABLE "share" ALTER COLUMN "created_at" SET DEFAULT statement_timestamp();

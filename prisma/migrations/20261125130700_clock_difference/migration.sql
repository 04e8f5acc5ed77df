-- By how much the store's clock may be behind the database's, milliseconds: what a closed share
-- promises is longer by it.
ALTER TABLE "installation" ADD COLUMN "clock_difference_ms" BIGINT NOT NULL DEFAULT 0;

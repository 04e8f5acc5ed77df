-- The pages of shares with revoked ones. A B-tree over revoked_at, in its columns or its condition,
-- would make each revocation write every index of its row. Ranges are small, because few of the rows
-- of a page are revoked.
CREATE INDEX "share_revoked_at_idx" ON "share" USING BRIN ("revoked_at")
  WITH (pages_per_range = 2, autosummarize = on);

DROP INDEX "share_revoked_idx";
DROP INDEX "share_owner_revoked_idx";

-- share_end_idx and share_owner_end_idx have the same order.
DROP INDEX "share_expires_at_idx";
DROP INDEX "share_owner_id_expires_at_idx";

-- What admins decide for everyone is called a setting, as on their page. The view serves the version
-- before, which may still run beside this one; a later version drops it.
ALTER TABLE "policy" RENAME TO "setting";
ALTER TABLE "setting" RENAME CONSTRAINT "policy_pkey" TO "setting_pkey";
CREATE VIEW "policy" AS SELECT "name", "value", "changed_by_id", "changed_at" FROM "setting";
ALTER VIEW "policy" ALTER COLUMN "changed_at" SET DEFAULT statement_timestamp();

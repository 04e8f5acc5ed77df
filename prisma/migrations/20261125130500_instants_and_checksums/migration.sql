-- An instant outside of these years cannot be read everywhere: a share that has one is brought into
-- range, and none is stored any more.
UPDATE "share" SET "starts_at" = '2000-01-01T00:00:00Z' WHERE "starts_at" < '2000-01-01T00:00:00Z';
UPDATE "share" SET "starts_at" = '2200-12-31T23:59:59Z' WHERE "starts_at" > '2200-12-31T23:59:59Z';
UPDATE "share" SET "expires_at" = '2000-01-01T00:00:00Z' WHERE "expires_at" < '2000-01-01T00:00:00Z';
UPDATE "share" SET "expires_at" = '2200-12-31T23:59:59Z' WHERE "expires_at" > '2200-12-31T23:59:59Z';

ALTER TABLE "share"
  ADD CONSTRAINT "share_instants" CHECK (
    "starts_at" BETWEEN '2000-01-01T00:00:00Z' AND '2200-12-31T23:59:59.999Z'
    AND "expires_at" BETWEEN '2000-01-01T00:00:00Z' AND '2200-12-31T23:59:59.999Z'
  );

-- Whether the store compared the SHA-256 with the bytes. Of files from before it is not known.
ALTER TABLE "file" ADD COLUMN "sha256_verified" BOOLEAN NOT NULL DEFAULT false;

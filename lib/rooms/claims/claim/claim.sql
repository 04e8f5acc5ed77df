-- The whole statement of a claim of one file. To write it: npx vitest run claim-statement -u
WITH asked AS (
  -- The subselects hide the lengths from the planner, so that it keeps its generic plan.
  SELECT *
  FROM unnest(
    (SELECT :publicId),
    (SELECT :directOnly),
    (SELECT :visitId),
    (SELECT :claimId),
    (SELECT :unlockLinkId),
    (SELECT :unlockProofVersion),
    (SELECT :unlockExpiresAt),
    (SELECT :unlockIsCode),
    (SELECT :eventId),
    (SELECT :agent),
    (SELECT :referrer),
    (SELECT :visitor),
    (SELECT :fileId)
  ) WITH ORDINALITY AS a (
    public_id, direct_only, visit_id, claim_id, unlock_link_id, unlock_proof_version,
    unlock_expires_at, unlock_is_code, event_id, agent, referrer, visitor, file_id, place
  )
),
found AS (
  SELECT a.*, named.*
  FROM asked a
  CROSS JOIN LATERAL (
    SELECT l.id AS link_id, s.id AS share_id, s.password_hash IS NOT NULL AS has_password,
      s.direct, s.starts_at, s.expires_at, s.revoked_at, s.max_downloads, s.downloads,
      s.password_version, s.ticket_epoch, s.preview, s.view_only, s.mint_ttl_seconds,
      s.max_ttl_seconds, s.minted, l.open, l.revoked_at AS link_revoked_at,
      l.max_downloads AS link_max_downloads, l.downloads AS link_downloads,
      l.proof_version AS link_version, l.verify AS link_verify,
      -- Read only if a limit may need it.
      CASE
        WHEN s.max_downloads IS NOT NULL OR l.max_downloads IS NOT NULL OR NOT s.minted
          THEN (SELECT coalesce(sum(c.downloads), 0) FROM share_counter c WHERE c.share_id = s.id)
      END AS sharded,
      f.name,
      CASE
        WHEN 'download' = 'thumbnail' THEN o.content_type
        ELSE f.content_type
      END AS content_type,
      CASE WHEN 'download' = 'thumbnail' THEN o.size ELSE f.size END AS size,
      o.key, o.colour,
      CASE
        WHEN f.id IS NULL THEN 'missing'
        WHEN f.status = 'abandoned' THEN 'abandoned'
        WHEN f.deleted_at IS NOT NULL THEN 'deleted'
        WHEN f.status <> 'ready' THEN 'uploading'
        WHEN o.key IS NULL
          THEN CASE
            WHEN 'download' IN ('preview', 'thumbnail') THEN 'no_picture'
            ELSE 'uploading'
          END
        WHEN 'download' = 'preview'
          AND NOT (
            lower(substring(f.name FROM '[^.]*$')) = ANY(
              '{png,jpg,jpeg,jfif,gif,webp,avif,bmp,ico,pdf,mp4,m4v,mov,webm,ogv,mp3,m4a,aac,ogg,oga,opus,wav,flac,weba,md,markdown,csv,tsv,txt,text,log,nfo,srt,vtt,readme,license,changelog,json,jsonl,ndjson,json5,geojson,webmanifest,js,mjs,cjs,jsx,ts,mts,cts,tsx,vue,svelte,css,scss,sass,less,html,htm,xhtml,svg,xml,xsl,xslt,rss,atom,plist,py,rb,rs,go,java,kt,kts,scala,c,h,cc,cpp,hpp,cs,m,swift,php,pl,pm,lua,r,jl,hs,erl,ex,exs,clj,dart,zig,nim,sh,bash,zsh,fish,ps1,bat,cmd,sql,graphql,proto,tf,hcl,nix,yaml,yml,toml,ini,cfg,conf,properties,env,editorconfig,gitignore,gitattributes,dockerfile,makefile,cmake,gradle,diff,patch,tex,bib}'::text[]
            )
            OR lower(trim(split_part(f.content_type, ';', 1))) = ANY(
              '{image/png,image/apng,image/jpeg,image/jpg,image/gif,image/webp,image/avif,image/bmp,image/x-ms-bmp,image/x-icon,image/vnd.microsoft.icon,application/pdf,video/mp4,video/x-m4v,video/quicktime,video/webm,video/ogg,audio/mpeg,audio/mp3,audio/mp4,audio/x-m4a,audio/aac,audio/ogg,audio/opus,audio/wav,audio/x-wav,audio/wave,audio/flac,audio/x-flac,audio/webm,text/markdown,text/x-markdown,text/csv,text/tab-separated-values,text/plain,application/json,application/ld+json,application/javascript,application/typescript,application/x-sh,application/sql,application/yaml,application/x-yaml,application/toml}'::text[]
            )
            OR lower(
              trim(split_part(f.content_type, ';', 1))
            ) ~ '\/(html|xml|xsl)$|\+xml$|^text\/x-'
          )
          THEN 'no_kind'
      END AS file_refusal
    FROM link l
    CROSS JOIN LATERAL (SELECT * FROM share WHERE share.id = l.share_id OFFSET 0) AS s
    LEFT JOIN LATERAL (
      SELECT *
      FROM share_file
      WHERE share_file.share_id = s.id
        AND share_file.removed_at IS NULL
        AND share_file.file_id = a.file_id
      OFFSET 0
    ) AS sf ON true
    LEFT JOIN LATERAL (SELECT * FROM file WHERE file.id = sf.file_id OFFSET 0) AS f ON true
    LEFT JOIN LATERAL (
      SELECT *
      FROM object
      WHERE object.key = CASE
        WHEN 'download' = 'thumbnail' THEN f.thumbnail_key
        ELSE f.object_key
      END
        AND object.state = 'live'
      OFFSET 0
    ) AS o ON true
    WHERE l.public_id = a.public_id
    OFFSET 0
      -- each row looks up its own, whatever the planner thinks of the tables' sizes
  ) AS named
),
seen AS MATERIALIZED (
  SELECT found.*,
    CASE
      WHEN found.link_revoked_at IS NOT NULL THEN 'revoked'
      WHEN found.revoked_at IS NOT NULL THEN 'revoked'
      WHEN found.expires_at <= statement_timestamp() THEN 'expired'
      WHEN (
        (
          (
            found.max_downloads IS NOT NULL
            AND (found.downloads + found.sharded) >= found.max_downloads
          )
          OR coalesce((found.link_max_downloads - found.link_downloads) <= 0, false)
        )
        AND NOT (
          false
          OR (
            SELECT count(*) > 0
            FROM claim
            WHERE claim.link_id = found.link_id
              AND claim.visit_id = found.visit_id || int4send(found.ticket_epoch)
              AND claim.counted IS NOT NULL
              AND claim.at > statement_timestamp() - make_interval(secs => 86400)
          )
        )
      )
        THEN 'used_up'
      WHEN found.starts_at > statement_timestamp() THEN 'scheduled'
      WHEN NOT (
        NOT found.link_verify
        OR false
        OR COALESCE(
          found.link_id = found.unlock_link_id
          AND (found.password_version + found.link_version) = found.unlock_proof_version
          AND found.unlock_expires_at > statement_timestamp(),
          false
        )
      )
        THEN 'verify'
      WHEN NOT (
        (
          NOT found.link_verify
          OR false
          OR COALESCE(
            found.link_id = found.unlock_link_id
            AND (found.password_version + found.link_version) = found.unlock_proof_version
            AND found.unlock_expires_at > statement_timestamp(),
            false
          )
        )
        AND (
          NOT found.has_password
          OR false
          OR COALESCE(
            found.link_id = found.unlock_link_id
            AND (found.password_version + found.link_version) = found.unlock_proof_version
            AND found.unlock_expires_at > statement_timestamp(),
            false
          )
          AND NOT found.unlock_is_code
        )
      )
        THEN 'locked'
      WHEN 'download' = 'download' AND found.view_only THEN 'view_only'
      WHEN found.direct_only
        AND NOT (
          found.direct
          AND COALESCE(
            (SELECT setting.value = 'true' FROM setting WHERE setting.name = 'directLinks'), true
          )
        )
        THEN 'not_direct'
      WHEN 'download' IN ('preview', 'thumbnail')
        AND NOT (
          found.preview
          AND COALESCE(
            (SELECT setting.value = 'true' FROM setting WHERE setting.name = 'previews'), true
          )
        )
        THEN 'no_preview'
      WHEN 'download' IN ('preview', 'thumbnail')
        AND (
          (found.max_downloads IS NOT NULL OR found.link_max_downloads IS NOT NULL) AND NOT false
        )
        THEN 'needs_claim'
      WHEN found.file_refusal IS NOT NULL THEN found.file_refusal
      WHEN NOT (
        found.expires_at IS NULL
        OR found.expires_at >= date_trunc('second', statement_timestamp()) + interval '1 second'
      )
        THEN 'expired'
      WHEN NOT (
        :credentialsEnd IS NULL
        OR :credentialsEnd >= date_trunc('second', statement_timestamp()) + interval '6 seconds'
      )
        THEN 'storage'
    END AS refusal
  FROM found
),
shares AS MATERIALIZED (
  SELECT s.id AS share_id, s.password_hash IS NOT NULL AS has_password, s.direct, s.starts_at,
    s.expires_at, s.revoked_at, s.max_downloads, s.downloads, s.password_version, s.ticket_epoch,
    s.preview, s.view_only, s.mint_ttl_seconds, s.max_ttl_seconds, s.minted
  FROM (
    SELECT DISTINCT share_id
    FROM seen
    WHERE refusal IS NULL
      AND (
        ((seen.max_downloads IS NOT NULL OR seen.link_max_downloads IS NOT NULL) OR NOT seen.minted)
      )
    ORDER BY share_id
    OFFSET 0
  ) AS each
  CROSS JOIN LATERAL (
    SELECT * FROM share WHERE share.id = each.share_id OFFSET 0 FOR NO KEY UPDATE SKIP LOCKED
  ) AS s
),
locked AS MATERIALIZED (
  SELECT l.id AS link_id, each.share_id, each.has_password, each.direct, each.starts_at,
    each.expires_at, each.revoked_at, each.max_downloads, each.downloads, each.password_version,
    each.ticket_epoch, each.preview, each.view_only, each.mint_ttl_seconds, each.max_ttl_seconds,
    each.minted, l.open, l.revoked_at AS link_revoked_at, l.max_downloads AS link_max_downloads,
    l.downloads AS link_downloads, l.proof_version AS link_version, l.verify AS link_verify
  FROM (
    SELECT DISTINCT ON (link_id) link_id, shares.*
    FROM seen
    LEFT JOIN shares ON shares.share_id = seen.share_id
    WHERE refusal IS NULL
      AND (
        (
          (
            (seen.max_downloads IS NOT NULL OR seen.link_max_downloads IS NOT NULL)
            OR NOT seen.minted
          )
        )
        AND shares.share_id IS NOT NULL
        OR NOT (
          (
            (seen.max_downloads IS NOT NULL OR seen.link_max_downloads IS NOT NULL)
            OR NOT seen.minted
          )
        )
        AND NOT seen.open
      )
    ORDER BY link_id
    OFFSET 0
  ) AS each
  CROSS JOIN LATERAL (
    SELECT * FROM link WHERE link.id = each.link_id OFFSET 0 FOR NO KEY UPDATE SKIP LOCKED
  ) AS l
),
judged AS MATERIALIZED (
  SELECT seen.public_id, seen.direct_only, seen.visit_id, seen.claim_id, seen.unlock_link_id,
    seen.unlock_proof_version, seen.unlock_expires_at, seen.unlock_is_code, seen.event_id,
    seen.agent, seen.referrer, seen.visitor, seen.file_id, seen.place, seen.link_id, seen.sharded,
    seen.name, seen.content_type, seen.size, seen.key, seen.colour, seen.file_refusal,
    seen.share_id, seen.has_password, seen.direct, seen.starts_at, seen.expires_at, seen.revoked_at,
    seen.max_downloads, seen.downloads, seen.password_version, seen.ticket_epoch, seen.preview,
    seen.view_only, seen.mint_ttl_seconds, seen.max_ttl_seconds, seen.minted, seen.open,
    seen.link_revoked_at, seen.link_max_downloads, seen.link_downloads, seen.link_version,
    seen.link_verify,
    CASE
      WHEN seen.refusal IS NULL
        AND NOT (
          (
            (seen.max_downloads IS NOT NULL OR seen.link_max_downloads IS NOT NULL)
            OR NOT seen.minted
          )
        )
        AND NOT seen.open
        AND NOT EXISTS (SELECT FROM locked WHERE locked.link_id = seen.link_id)
        THEN 'busy'
      ELSE seen.refusal
    END
  FROM seen
  WHERE refusal IS NOT NULL
    OR NOT (
      ((seen.max_downloads IS NOT NULL OR seen.link_max_downloads IS NOT NULL) OR NOT seen.minted)
    )
  UNION ALL
  SELECT seen.public_id, seen.direct_only, seen.visit_id, seen.claim_id, seen.unlock_link_id,
    seen.unlock_proof_version, seen.unlock_expires_at, seen.unlock_is_code, seen.event_id,
    seen.agent, seen.referrer, seen.visitor, seen.file_id, seen.place, seen.link_id, seen.sharded,
    seen.name, seen.content_type, seen.size, seen.key, seen.colour, seen.file_refusal,
    locked.share_id, locked.has_password, locked.direct, locked.starts_at, locked.expires_at,
    locked.revoked_at, locked.max_downloads, locked.downloads, locked.password_version,
    locked.ticket_epoch, locked.preview, locked.view_only, locked.mint_ttl_seconds,
    locked.max_ttl_seconds, locked.minted, locked.open, locked.link_revoked_at,
    locked.link_max_downloads, locked.link_downloads, locked.link_version, locked.link_verify,
    CASE
      WHEN locked.link_id IS NULL
        OR locked.ticket_epoch <> seen.ticket_epoch
        OR locked.link_version <> seen.link_version
        THEN 'busy'
      ELSE CASE
        WHEN locked.link_revoked_at IS NOT NULL THEN 'revoked'
        WHEN locked.revoked_at IS NOT NULL THEN 'revoked'
        WHEN locked.expires_at <= statement_timestamp() THEN 'expired'
        WHEN false THEN 'used_up'
        WHEN locked.starts_at > statement_timestamp() THEN 'scheduled'
        WHEN NOT (
          NOT locked.link_verify
          OR false
          OR COALESCE(
            seen.link_id = seen.unlock_link_id
            AND (locked.password_version + locked.link_version) = seen.unlock_proof_version
            AND seen.unlock_expires_at > statement_timestamp(),
            false
          )
        )
          THEN 'verify'
        WHEN NOT (
          (
            NOT locked.link_verify
            OR false
            OR COALESCE(
              seen.link_id = seen.unlock_link_id
              AND (locked.password_version + locked.link_version) = seen.unlock_proof_version
              AND seen.unlock_expires_at > statement_timestamp(),
              false
            )
          )
          AND (
            NOT locked.has_password
            OR false
            OR COALESCE(
              seen.link_id = seen.unlock_link_id
              AND (locked.password_version + locked.link_version) = seen.unlock_proof_version
              AND seen.unlock_expires_at > statement_timestamp(),
              false
            )
            AND NOT seen.unlock_is_code
          )
        )
          THEN 'locked'
        WHEN 'download' = 'download' AND locked.view_only THEN 'view_only'
        WHEN seen.direct_only
          AND NOT (
            locked.direct
            AND COALESCE(
              (SELECT setting.value = 'true' FROM setting WHERE setting.name = 'directLinks'), true
            )
          )
          THEN 'not_direct'
        WHEN 'download' IN ('preview', 'thumbnail')
          AND NOT (
            locked.preview
            AND COALESCE(
              (SELECT setting.value = 'true' FROM setting WHERE setting.name = 'previews'), true
            )
          )
          THEN 'no_preview'
        WHEN 'download' IN ('preview', 'thumbnail')
          AND (
            (locked.max_downloads IS NOT NULL OR locked.link_max_downloads IS NOT NULL)
            AND NOT false
          )
          THEN 'needs_claim'
        WHEN seen.file_refusal IS NOT NULL THEN seen.file_refusal
        WHEN NOT (
          locked.expires_at IS NULL
          OR locked.expires_at >= date_trunc('second', statement_timestamp()) + interval '1 second'
        )
          THEN 'expired'
        WHEN NOT (
          :credentialsEnd IS NULL
          OR :credentialsEnd >= date_trunc('second', statement_timestamp()) + interval '6 seconds'
        )
          THEN 'storage'
      END
    END
  FROM seen
  LEFT JOIN locked ON locked.link_id = seen.link_id
  WHERE seen.refusal IS NULL
    AND (
      ((seen.max_downloads IS NOT NULL OR seen.link_max_downloads IS NOT NULL) OR NOT seen.minted)
    )
),
once AS MATERIALIZED (
  SELECT c.*,
    place = min(place) OVER (PARTITION BY link_id, coalesce(visit, uuid_send(claim_id))) AS is_first
  FROM (
    SELECT place, share_id, link_id, claim_id,
      (j.max_downloads - (j.downloads + j.sharded)) AS room,
      (j.link_max_downloads - j.link_downloads) AS room_of_link,
      visit_id || int4send(ticket_epoch) AS visit,
      (
        SELECT count(*) > 0
        FROM claim
        WHERE claim.link_id = j.link_id
          AND claim.visit_id = j.visit_id || int4send(j.ticket_epoch)
          AND claim.counted IS NOT NULL
          AND claim.at > statement_timestamp() - make_interval(secs => 86400)
      ) AS served
    FROM judged j
    WHERE refusal IS NULL AND (j.max_downloads IS NOT NULL OR j.link_max_downloads IS NOT NULL)
  ) AS c
),
-- Visits without a claim, as many as the limits have room for.
fitting AS MATERIALIZED (
  SELECT place
  FROM (
    SELECT place, room, row_number() OVER (PARTITION BY share_id ORDER BY place) AS rank
    FROM (
      SELECT once.*, row_number() OVER (PARTITION BY link_id ORDER BY place) AS rank_of_link
      FROM once
      WHERE is_first AND NOT served
    ) AS newcomers
    WHERE room_of_link IS NULL OR rank_of_link <= room_of_link
  ) AS newcomers
  WHERE room IS NULL OR rank <= room
),
-- The unique index detects a claim of the visit that is not in the snapshot.
kept AS (
  INSERT INTO claim (link_id, visit_id, counted, at)
  SELECT link_id, visit,
    CASE WHEN fitting.place IS NOT NULL THEN claim_id END,
    statement_timestamp()
  FROM once
  LEFT JOIN fitting USING (place)
  WHERE is_first AND visit IS NOT NULL AND (served OR fitting.place IS NOT NULL)
  ON CONFLICT (link_id, visit_id) DO UPDATE SET counted = CASE
    WHEN claim.at > excluded.at - make_interval(secs => 86400)
      THEN COALESCE(claim.counted, excluded.counted)
    ELSE excluded.counted
  END,
    at = CASE
      WHEN claim.counted IS NOT NULL AND claim.at > excluded.at - make_interval(secs => 86400)
        THEN claim.at
      ELSE excluded.at
    END
  RETURNING link_id, visit_id, counted, at
),
granted AS MATERIALIZED (
  SELECT j.*,
    coalesce(own.at, statement_timestamp()) AS claimed_at,
    CASE
      WHEN refusal IS NULL THEN CASE WHEN own.place IS NULL THEN j.claim_id ELSE own.counted END
    END AS ticket_id,
    CASE
      WHEN refusal IS NULL AND own.place IS NOT NULL AND own.counted IS NULL THEN 'busy'
      ELSE refusal
    END AS why
  FROM judged j
  LEFT JOIN (
    SELECT once.place, kept.at,
      CASE
        WHEN visit IS NOT NULL THEN kept.counted
        WHEN fitting.place IS NOT NULL THEN claim_id
      END AS counted
    FROM once
    LEFT JOIN fitting USING (place)
    LEFT JOIN kept ON kept.link_id = once.link_id AND kept.visit_id = once.visit
  ) AS own USING (place)
),
counted AS MATERIALIZED (
  SELECT share_id, link_id, open,
    (granted.max_downloads IS NOT NULL OR granted.link_max_downloads IS NOT NULL) AS limited,
    minted,
    count(*)::int AS claims
  FROM granted
  WHERE ticket_id = claim_id
  GROUP BY 1, 2, 3, 4, 5
),
touched AS (
  UPDATE share s
  SET minted = true,
    downloads = s.downloads + coalesce(
      (SELECT sum(claims) FROM counted WHERE counted.share_id = s.id AND limited), 0
    )
  WHERE s.id = ANY (ARRAY(SELECT share_id FROM counted WHERE limited OR NOT minted))
),
taken AS (
  UPDATE link l
  SET opened_at = coalesce(l.opened_at, statement_timestamp()), downloads = l.downloads + claims
  FROM counted
  WHERE l.id = counted.link_id AND NOT counted.open
),
-- In the order of the shares, so that no two statements deadlock.
spread AS (
  INSERT INTO share_counter (share_id, shard, downloads)
  SELECT share_id, :shard, sum(claims)
  FROM counted
  WHERE NOT limited AND (SELECT count(*) FROM locked) >= 0
  GROUP BY share_id
  ORDER BY share_id
  ON CONFLICT (
    share_id, shard
  ) DO UPDATE SET downloads = share_counter.downloads + excluded.downloads
),
refused AS MATERIALIZED (
  SELECT granted.*, row_number() OVER (PARTITION BY link_id ORDER BY place) AS nth
  FROM granted
  WHERE why <> ALL ('{busy,urls}')
    AND (
      (
        granted.direct
        AND COALESCE(
          (SELECT setting.value = 'true' FROM setting WHERE setting.name = 'directLinks'), true
        )
      )
      OR NOT direct_only
    )
),
reserved AS (
  INSERT INTO attempt AS a (purpose, subject, address, attempts, window_end_at)
  SELECT 'refused', link_id::text, '', asked,
    date_trunc('minute', statement_timestamp()) + interval '1 minute'
  FROM (
    SELECT link_id, max(nth)::int AS asked
    FROM refused
    WHERE (SELECT count(*) FROM locked) >= 0
    GROUP BY link_id
  ) AS links
    -- It is not written with NOT EXISTS, because then the planner may read the whole table once.
  WHERE (
    SELECT count(*)
    FROM attempt known
    WHERE known.purpose = 'refused'
      AND known.subject = link_id::text
      AND known.address = ''
      AND known.window_end_at > statement_timestamp()
      AND known.attempts >= 60
  ) = 0
  ORDER BY link_id
  ON CONFLICT (purpose, subject, address) DO UPDATE SET attempts = CASE
    WHEN a.window_end_at > statement_timestamp() THEN a.attempts
    ELSE 0
  END + excluded.attempts,
    window_end_at = CASE
      WHEN a.window_end_at > statement_timestamp() THEN a.window_end_at
      ELSE excluded.window_end_at
    END
  WHERE a.window_end_at <= statement_timestamp() OR a.attempts < 60
  RETURNING subject::uuid AS link_id, greatest(0, attempts - 60) AS beyond
),
logged AS (
  INSERT INTO event (id, at, share_id, link_id, file_id, file_ids, kind, agent, referrer, visitor)
  SELECT event_id,
    statement_timestamp(),
    share_id, link_id,
    CASE WHEN file_refusal IS DISTINCT FROM 'missing' THEN file_id END,
    NULL::uuid[],
    CASE WHEN ticket_id = claim_id THEN 'claim' ELSE 'mint' END::event_kind,
    agent, referrer, visitor
  FROM granted
  WHERE ticket_id IS NOT NULL AND true
  UNION ALL
  SELECT event_id,
    statement_timestamp(),
    share_id, link_id,
    CASE WHEN file_refusal IS DISTINCT FROM 'missing' THEN file_id END,
    NULL, 'refused', agent, referrer, visitor
  FROM refused
  JOIN (
    SELECT link_id, max(nth) - min(beyond) AS most
    FROM refused
    JOIN reserved USING (link_id)
    GROUP BY link_id
  ) AS links USING (link_id)
  WHERE nth <= most
)
SELECT granted.place::int, why AS refusal, ticket_id, ticket_id = claim_id AS newly, claimed_at,
  statement_timestamp() AS now,
  share_id, link_id,
  (granted.password_version + granted.link_version) AS proof_version,
  ticket_epoch, expires_at, mint_ttl_seconds, max_ttl_seconds, file_id, name, content_type, size,
  key, colour
FROM granted

-- Artefacts: bytes that an organisation keeps here, by their hash. The pieces themselves are in a folder or in S3.

-- +goose Up
CREATE TABLE artefacts (
  blob       TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- blob_..., under which its pieces are kept; used once
  org        TEXT COLLATE "C" NOT NULL REFERENCES orgs (id),
  id         TEXT COLLATE "C" NOT NULL, -- art_..., tasknet/artefact/v1
  name       TEXT COLLATE "C" NOT NULL, -- what its owner calls it
  media_type TEXT COLLATE "C" NOT NULL, -- what its owner says it is
  length     BIGINT NOT NULL, -- bytes
  charged    BIGINT NOT NULL, -- of the organisation's quota, in bytes
  arrived    BIGINT NOT NULL, -- pieces
  state      TEXT COLLATE "C" NOT NULL, -- pipeline.ArtefactState
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL  -- when an upload is removed that stands still; 0 when it is complete
);
CREATE UNIQUE INDEX artefacts_own ON artefacts (org, id) WHERE state <> 'removed';
CREATE INDEX artefacts_by_org ON artefacts (org, blob);
CREATE INDEX artefacts_uploading ON artefacts (expires_at) WHERE state = 'uploading';
CREATE INDEX artefacts_removed ON artefacts (blob) WHERE state = 'removed';

-- Manifests, 1024 pieces to a row.
CREATE TABLE artefact_hashes (
  blob   TEXT COLLATE "C" NOT NULL REFERENCES artefacts (blob),
  part   BIGINT NOT NULL, -- of the manifest, from 0
  hashes BYTEA NOT NULL,   -- the SHA-256 of its pieces, one after the other
  PRIMARY KEY (blob, part)
);

-- The pieces that have arrived, while others have not.
CREATE TABLE artefact_pieces (
  blob  TEXT COLLATE "C" NOT NULL REFERENCES artefacts (blob),
  piece BIGINT NOT NULL, -- from 0
  PRIMARY KEY (blob, piece)
);

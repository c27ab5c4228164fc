-- States of grains, to make activation short. Every row may be deleted at any time.
CREATE TABLE {schema}.snapshots (
    stream text COLLATE "C" PRIMARY KEY,
    version bigint NOT NULL CHECK (version > 0),
    data bytea NOT NULL
) WITH (fillfactor = 80);

-- A state is packed already where it pays; trying again costs time on every write.
ALTER TABLE {schema}.snapshots ALTER COLUMN data SET STORAGE EXTERNAL;

-- What follows the journal: read models and agenda. Every row of it may be dropped at any time and comes back from the entries, so nothing here is the only copy of anything;
-- commits do not wait for the disk. How far the rows go stands beside them and changes with them, in the row that every write locks first: of two that write at once, one waits
-- and then finds that its rows are there already. format 0 is a table that nobody has written to.
CREATE TABLE {schema}.read_position (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    format int NOT NULL DEFAULT 0,
    position bigint NOT NULL DEFAULT 0,
    mark text COLLATE "C"
) WITH (fillfactor = 50);
INSERT INTO {schema}.read_position DEFAULT VALUES;

CREATE TABLE {schema}.read_chain_totals (
    chain text COLLATE "C" PRIMARY KEY,
    members bigint NOT NULL, purchases bigint NOT NULL, walk_ins bigint NOT NULL, returns bigint NOT NULL, sales bigint NOT NULL, returns_minor bigint NOT NULL,
    points_given bigint NOT NULL, points_used bigint NOT NULL, cross_store bigint NOT NULL, at_two_stores bigint NOT NULL, with_purchase bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE {schema}.read_store_totals (
    chain text COLLATE "C", store text COLLATE "C",
    sales bigint NOT NULL, returns_minor bigint NOT NULL, purchases bigint NOT NULL, walk_ins bigint NOT NULL,
    PRIMARY KEY (chain, store)
) WITH (fillfactor = 50);

CREATE TABLE {schema}.read_store_days (
    chain text COLLATE "C", store text COLLATE "C", day bigint,
    sales bigint NOT NULL, returns_minor bigint NOT NULL, purchases bigint NOT NULL, walk_ins bigint NOT NULL, new_members bigint NOT NULL, cross_visits bigint NOT NULL,
    cross_minor bigint NOT NULL, points_given bigint NOT NULL, points_used bigint NOT NULL, last_ms bigint NOT NULL,
    PRIMARY KEY (chain, store, day)
) WITH (fillfactor = 80);
CREATE INDEX read_store_days_by_day ON {schema}.read_store_days (chain, day);

CREATE TABLE {schema}.read_store_slots (
    chain text COLLATE "C", store text COLLATE "C", day bigint, slot bigint,
    sales bigint NOT NULL, visits bigint NOT NULL,
    PRIMARY KEY (chain, store, day, slot)
) WITH (fillfactor = 80);

CREATE TABLE {schema}.read_chain_slots (
    chain text COLLATE "C", day bigint, slot bigint,
    sales bigint NOT NULL, visits bigint NOT NULL, points_given bigint NOT NULL, points_used bigint NOT NULL, new_members bigint NOT NULL, active_members bigint NOT NULL,
    cross_visits bigint NOT NULL, cross_minor bigint NOT NULL, returns_minor bigint NOT NULL,
    PRIMARY KEY (chain, day, slot)
) WITH (fillfactor = 80);

CREATE TABLE {schema}.read_customers (
    chain text COLLATE "C", id text COLLATE "C",
    enrolled_ms bigint, home_store text COLLATE "C", purchases bigint NOT NULL, stores text COLLATE "C", last_day bigint, days_before bigint NOT NULL,
    PRIMARY KEY (chain, id)
) WITH (fillfactor = 80);

CREATE TABLE {schema}.read_flows (
    chain text COLLATE "C", day bigint, from_store text COLLATE "C", to_store text COLLATE "C",
    count bigint NOT NULL,
    PRIMARY KEY (chain, day, from_store, to_store)
) WITH (fillfactor = 80);

CREATE TABLE {schema}.read_stores (
    chain text COLLATE "C", id text COLLATE "C", name text NOT NULL, region text NOT NULL, city text NOT NULL, open bigint NOT NULL,
    PRIMARY KEY (chain, id)
);

CREATE TABLE {schema}.read_access_keys (
    chain text COLLATE "C", id text COLLATE "C", role bigint NOT NULL, secret_hash text NOT NULL, store text COLLATE "C", till text COLLATE "C", sees_personal bigint NOT NULL,
    label text, revoked bigint NOT NULL, position bigint NOT NULL,
    PRIMARY KEY (chain, id)
);

CREATE TABLE {schema}.read_programmes (
    chain text COLLATE "C", version bigint, document text NOT NULL, at_ms bigint NOT NULL,
    PRIMARY KEY (chain, version)
);

CREATE TABLE {schema}.agenda_position (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    format int NOT NULL DEFAULT 0,
    position bigint NOT NULL DEFAULT 0,
    mark text COLLATE "C"
) WITH (fillfactor = 50);
INSERT INTO {schema}.agenda_position DEFAULT VALUES;

CREATE TABLE {schema}.agenda (
    stream text COLLATE "C" PRIMARY KEY,
    due_ms bigint NOT NULL,
    try_ms bigint NOT NULL,
    attempts int NOT NULL,
    cause bigint NOT NULL
);
CREATE INDEX agenda_by_time ON {schema}.agenda (try_ms, stream);

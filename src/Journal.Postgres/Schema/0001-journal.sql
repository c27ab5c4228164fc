-- The record. Rows are only ever inserted, in the order of their positions, by the function below.
-- COLLATE "C": names are compared byte by byte, whatever the database is set to, and no update of the system's collations can break the indexes.
CREATE TABLE {schema}.entries (
    position bigint PRIMARY KEY CHECK (position > 0),
    stream text COLLATE "C" NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    command text COLLATE "C" NOT NULL,
    time bigint NOT NULL,
    data bytea NOT NULL,
    CONSTRAINT entries_version UNIQUE (stream, version),
    CONSTRAINT entries_command UNIQUE (stream, command)
);

-- Whoever may change the table by his rights is still told that nothing in it changes.
CREATE FUNCTION {schema}.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Entries of the journal are never changed or deleted.' USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.entries
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change();

-- What appenders of this schema wait for one another with. The table's number tells schemas of one database apart.
CREATE FUNCTION {schema}.append_lock() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT (x'4343524A'::bigint << 32) | '{schema}.entries'::regclass::oid::bigint
$$;

-- Appends a batch, or names the streams in its way. One batch at a time in the whole schema, whoever sends it: the lock is let go after the commit
-- has become visible, so positions have no gaps and every reader sees them in the order of the commits. Each statement takes a snapshot of its
-- own, so what is compared below is what the batch before has left; under any other isolation it would not be.
--   firsts: true where an entry is the first of its stream in the batch. Within the batch the caller has seen to versions and commands;
--   fresh: true where the caller has proof that the stream does not hold the command; the unique constraint holds him to it;
--   doomed: true when the caller knows of a conflict already: nothing is written, and the other conflicts are named.
CREATE FUNCTION {schema}.append(
    streams text[], versions bigint[], firsts boolean[], commands text[], fresh boolean[], times bigint[], payloads bytea[], doomed boolean)
RETURNS TABLE (first_position bigint, lost text[]) LANGUAGE plpgsql AS $$
DECLARE
    head bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'Appending needs the isolation read committed, not %.', current_setting('transaction_isolation');
    END IF;

    PERFORM pg_advisory_xact_lock({schema}.append_lock());

    -- Each look is a subquery with a limit, so that no plan, made while the table was empty, ever reads all of it.
    SELECT array_agg(DISTINCT b.stream) INTO lost
    FROM unnest(streams, versions, firsts, commands, fresh) AS b (stream, version, is_first, command, is_fresh)
    WHERE b.is_first AND b.version <> 1 + coalesce(
            (SELECT e.version FROM {schema}.entries e WHERE e.stream = b.stream ORDER BY e.version DESC LIMIT 1), 0)
        OR NOT b.is_fresh AND (SELECT e.version FROM {schema}.entries e WHERE e.stream = b.stream AND e.command = b.command LIMIT 1) IS NOT NULL;

    IF doomed OR lost IS NOT NULL THEN
        first_position := 0;
        RETURN NEXT;
        RETURN;
    END IF;

    head := coalesce((SELECT e.position FROM {schema}.entries e ORDER BY e.position DESC LIMIT 1), 0);
    INSERT INTO {schema}.entries (position, stream, version, command, time, data)
    SELECT head + b.place, b.stream, b.version, b.command, b.time, b.data
    FROM unnest(streams, versions, commands, times, payloads) WITH ORDINALITY AS b (stream, version, command, time, data, place);

    PERFORM pg_notify('{schema}_head', (head + cardinality(streams))::text);
    first_position := head + 1;
    RETURN NEXT;
END
$$;

-- Why nobody may append: the schema is being filled by a move of a chain, or its chain has moved elsewhere. Without a row nothing is in the way.
-- Put and lifted by the owner, under the lock of the appends, so that every append comes wholly before it or not at all.
CREATE TABLE {schema}.seal (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    reason text NOT NULL CHECK (reason IN ('filling', 'moved')),
    note text NOT NULL,
    since timestamptz NOT NULL DEFAULT now()
);

-- As in step 1, but for two things. Only the move that fills the schema appends while a seal lies on it, and says so in the setting chaincrm.seal. And the usual batch, whose
-- caller vouches for every command, is not looked up before it is written: that no version and no command is there twice is what the unique constraints see anyway, so
-- what is left is a look at the version before, while the rows are inserted. What does not fit ends the statement; asked again without being vouched for, it is named.
CREATE OR REPLACE FUNCTION {schema}.append(
    streams text[], versions bigint[], firsts boolean[], commands text[], fresh boolean[], times bigint[], payloads bytea[], doomed boolean)
RETURNS TABLE (first_position bigint, lost text[]) LANGUAGE plpgsql AS $$
DECLARE
    head bigint;
    written bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'Appending needs the isolation read committed, not %.', current_setting('transaction_isolation');
    END IF;

    PERFORM pg_advisory_xact_lock({schema}.append_lock());

    IF EXISTS (SELECT FROM {schema}.seal s WHERE s.reason <> coalesce(current_setting('chaincrm.seal', true), '')) THEN
        RAISE EXCEPTION 'The journal is sealed: its chain has moved elsewhere, or is being moved here' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;

    -- Each look is a subquery with a limit or by a whole key, so that no plan, made while the table was empty, ever reads all of it.
    IF doomed OR false = ANY (fresh) THEN
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
    END IF;

    head := coalesce((SELECT e.position FROM {schema}.entries e ORDER BY e.position DESC LIMIT 1), 0);
    INSERT INTO {schema}.entries (position, stream, version, command, time, data)
    SELECT head + b.place, b.stream, b.version, b.command, b.time, b.data
    FROM unnest(streams, versions, firsts, commands, times, payloads) WITH ORDINALITY AS b (stream, version, is_first, command, time, data, place)
    WHERE NOT b.is_first OR b.version = 1
        OR (SELECT e.position FROM {schema}.entries e WHERE e.stream = b.stream AND e.version = b.version - 1) IS NOT NULL;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written < cardinality(streams) THEN
        RAISE EXCEPTION 'A version is not the next one of its stream' USING ERRCODE = 'unique_violation';
    END IF;

    PERFORM pg_notify('{schema}_head', (head + written)::text);
    first_position := head + 1;
    RETURN NEXT;
END
$$;

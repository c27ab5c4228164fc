-- Streams and commands are found by 8 bytes that stand for their names instead of by the names: two names may share them, so whoever looks compares the names as well.
-- Not unique: what sees to it that no version and no command is there twice is the look of the functions below, under the lock that lets one append at a time through.
-- Names in keys hardly ever repeat; looking for repetitions in a full page finds none.
CREATE INDEX entries_stream ON {schema}.entries (hashtextextended(stream, 0), version) WITH (deduplicate_items = off);
CREATE INDEX entries_stream_command ON {schema}.entries (hashtextextended(command, hashtextextended(stream, 0))) WITH (deduplicate_items = off);
ALTER TABLE {schema}.entries DROP CONSTRAINT entries_version, DROP CONSTRAINT entries_command;

-- For several processes at once. As in step 3, but every version and every command is looked up, whoever vouches for it: no constraint holds him to it any more.
--   fresh: said by builds before this step, and not listened to.
CREATE OR REPLACE FUNCTION {schema}.append(
    streams text[], versions bigint[], firsts boolean[], commands text[], fresh boolean[], times bigint[], payloads bytea[], doomed boolean)
RETURNS TABLE (first_position bigint, lost text[]) LANGUAGE plpgsql AS $$
DECLARE
    head bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'Appending needs the isolation read committed, not %.', current_setting('transaction_isolation');
    END IF;

    PERFORM pg_advisory_xact_lock({schema}.append_lock());

    IF EXISTS (SELECT FROM {schema}.seal s WHERE s.reason <> coalesce(current_setting('chaincrm.seal', true), '')) THEN
        RAISE EXCEPTION 'The journal is sealed: its chain has moved elsewhere, or is being moved here' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;

    -- Each look is a subquery with a limit, so that no plan, made while the table was empty, ever reads all of it.
    SELECT array_agg(DISTINCT b.stream) INTO lost
    FROM unnest(streams, versions, firsts, commands) AS b (stream, version, is_first, command)
    WHERE b.is_first AND b.version <> 1 + coalesce(
            (SELECT e.version FROM {schema}.entries e WHERE hashtextextended(e.stream, 0) = hashtextextended(b.stream, 0) AND e.stream = b.stream
             ORDER BY e.version DESC LIMIT 1), 0)
        OR (SELECT e.version FROM {schema}.entries e
            WHERE hashtextextended(e.command, hashtextextended(e.stream, 0)) = hashtextextended(b.command, hashtextextended(b.stream, 0))
                AND e.stream = b.stream AND e.command = b.command LIMIT 1) IS NOT NULL;

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

-- For the process that has the schema for itself and knows what it wrote. Whatever it knows is true as long as nobody else has appended since, and that is what is compared:
-- where the journal does not end at the position that it knows of, nothing is written, and the answer is the negative of where it does end. Otherwise it is the first position.
--   looks: true where the version has to be looked up, because the process does not know where the stream stands; may end early;
--   times: one for each entry, or one for all.
-- That no command is there twice is vouched for by the caller: whoever knows the version a stream stands at knows its commands.
CREATE FUNCTION {schema}.append_owned(
    streams text[], versions bigint[], looks boolean[], commands text[], times bigint[], payloads bytea[], known bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    head bigint;
    written bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'Appending needs the isolation read committed, not %.', current_setting('transaction_isolation');
    END IF;

    PERFORM pg_advisory_xact_lock({schema}.append_lock());

    -- One statement instead of three: each costs as much as an entry or two.
    INSERT INTO {schema}.entries (position, stream, version, command, time, data)
    SELECT known + b.place, b.stream, b.version, b.command, coalesce(b.time, times[1]), b.data
    FROM unnest(streams, versions, looks, commands, times, payloads) WITH ORDINALITY AS b (stream, version, look, command, time, data, place)
    WHERE known = coalesce((SELECT e.position FROM {schema}.entries e ORDER BY e.position DESC LIMIT 1), 0)
        AND NOT EXISTS (SELECT FROM {schema}.seal s WHERE s.reason <> coalesce(current_setting('chaincrm.seal', true), ''))
        AND (b.look IS NOT TRUE OR b.version = 1 + coalesce(
            (SELECT e.version FROM {schema}.entries e WHERE hashtextextended(e.stream, 0) = hashtextextended(b.stream, 0) AND e.stream = b.stream
             ORDER BY e.version DESC LIMIT 1), 0));
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written < cardinality(streams) THEN
        IF EXISTS (SELECT FROM {schema}.seal s WHERE s.reason <> coalesce(current_setting('chaincrm.seal', true), '')) THEN
            RAISE EXCEPTION 'The journal is sealed: its chain has moved elsewhere, or is being moved here' USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;

        head := coalesce((SELECT e.position FROM {schema}.entries e ORDER BY e.position DESC LIMIT 1), 0);
        IF written > 0 OR head = known THEN
            RAISE EXCEPTION 'A version is not the next one of its stream' USING ERRCODE = 'unique_violation';
        END IF;

        RETURN -head;
    END IF;

    -- Giving notice costs as much as a third of a batch. Whoever wants to hear of this process's commits holds this lock, shared, for as long as he listens.
    IF NOT pg_try_advisory_xact_lock(hashtext('chaincrm listeners'), hashtext('{schema}')) THEN
        PERFORM pg_notify('{schema}_head', (known + written)::text);
    END IF;

    RETURN known + 1;
END
$$;

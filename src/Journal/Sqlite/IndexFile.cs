namespace ChainCrm.Journal.Sqlite;

/// <summary>
/// index.db: where a stream's entries and a command's entry lie in the journal. It says nothing that the journal does not say, so a file that is missing,
/// damaged, of another format, or not of this journal is deleted and made anew. One writing connection, used by the index thread.
/// </summary>
internal sealed class IndexFile : IDisposable
{
    /// <summary>"CCRI" in ASCII.</summary>
    private const int ApplicationId = 0x43435249;
    private const int Format = 2;

    /// <summary>Reading an entry for a filter, or deleting it with its block, takes a quarter of the time of merging it, or less.</summary>
    private const int Cheaper = 4;

    private const string Tables = """
        CREATE TABLE state(id INTEGER PRIMARY KEY CHECK(id = 1), seed_first INTEGER NOT NULL, seed_second INTEGER NOT NULL,
            indexed_upto INTEGER NOT NULL, last_stream INTEGER NOT NULL, last_version INTEGER NOT NULL, last_command INTEGER NOT NULL,
            next_run INTEGER NOT NULL, next_block INTEGER NOT NULL, generation INTEGER NOT NULL);
        CREATE TABLE runs(run INTEGER PRIMARY KEY, state INTEGER NOT NULL, level INTEGER NOT NULL, first_position INTEGER NOT NULL,
            last_position INTEGER NOT NULL, streams INTEGER NOT NULL, commands INTEGER NOT NULL);
        CREATE TABLE fences(part INTEGER NOT NULL, hash INTEGER NOT NULL, version INTEGER NOT NULL, block INTEGER NOT NULL,
            PRIMARY KEY(part, hash, version, block)) WITHOUT ROWID;
        CREATE TABLE blocks(id INTEGER PRIMARY KEY, data BLOB NOT NULL)
        """;

    private readonly Db db;
    private readonly Statement begin, counters, updateCounters, update, commit;
    private readonly RunTable runs;
    private readonly RunWriter writer;
    private readonly RunMerger merger;
    private readonly RunSorter sorter = new();
    private readonly RunBlocks blocks;
    private readonly SqliteJournalOptions options;
    private bool listKnown;
    private bool mergeDue;
    private int runCount;

    private IndexFile(Db db, SqliteJournalOptions options)
    {
        (this.db, this.options) = (db, options);
        Filters = new(options.IndexFilterBytesMax);
        blocks = new(db);
        begin = db.Prepare("BEGIN IMMEDIATE");
        counters = db.Prepare("SELECT next_run, next_block, indexed_upto FROM state WHERE id = 1");
        updateCounters = db.Prepare("UPDATE state SET next_run = ?, next_block = ?, generation = generation + ? WHERE id = 1");
        update = db.Prepare("UPDATE state SET indexed_upto = ?, last_stream = ?, last_version = ?, last_command = ? WHERE id = 1");
        commit = db.Prepare("COMMIT");
        runs = new(db);
        writer = new(db);
        merger = new(db, runs, writer);
        using var state = db.Prepare("SELECT seed_first, seed_second, indexed_upto FROM state WHERE id = 1");
        if (!state.Step()) throw new SqliteFault("index.db has no state");
        unchecked
        {
            Seed = new((ulong)state.Int64(0), (ulong)state.Int64(1));
        }

        IndexedUpto = state.Int64(2);
        Know(runs.Read());
    }

    public HashSeed Seed { get; }

    /// <summary>Position of the last entry in here.</summary>
    public long IndexedUpto { get; private set; }

    /// <summary>Runs that look-ups ask. Read by any thread.</summary>
    public int RunCount => Volatile.Read(ref runCount);

    /// <summary>Spares look-ups most of the runs that don't hold what they look for.</summary>
    public RunFilters Filters { get; }

    /// <summary>True when there is something to be merged, or merged runs to be deleted, or a filter to be made, or it has to be found out after a fault.</summary>
    public bool Due => !listKnown || mergeDue || Filters.Due;

    public static string PathIn(string folder) => Path.Combine(folder, "index.db");

    /// <summary>A reader that finds the file damaged leaves this beside it, and the next start makes the file anew.</summary>
    public static string DamageMarkPathIn(string folder) => Path.Combine(folder, "index.damaged");

    /// <summary>Opens the index of this journal, or an empty one when there is none that can be trusted.</summary>
    public static IndexFile Open(SqliteJournalOptions options, Db journal, long head)
    {
        var folder = options.Folder;
        var path = PathIn(folder);
        if (File.Exists(path) && !File.Exists(DamageMarkPathIn(folder)))
        {
            try
            {
                var found = Found(path, options);
                try
                {
                    if (found.FollowsFrom(journal, head)) return found;
                }
                catch
                {
                    found.Dispose();
                    throw;
                }

                found.Dispose();
            }
            catch (SqliteFault)
            {
                // Whatever is wrong with it, the journal holds all that it said; it is made anew below.
            }
        }

        JournalFile.DeleteWithCompanions(path);
        Create(path);
        File.Delete(DamageMarkPathIn(folder));
        return Found(path, options);
    }

    /// <summary>Takes in entries that follow those already here, as a run of their own, in one transaction.</summary>
    public void Write(ReadOnlySpan<TailSegment> segments)
    {
        try
        {
            var run = Begin();

            // After a commit whose answer was lost, what is asked for again may be here already.
            while (!segments.IsEmpty && segments[0].LastPosition <= IndexedUpto) segments = segments[1..];
            if (segments.IsEmpty)
            {
                db.Rollback();
                return;
            }

            if (segments[0].FirstPosition != IndexedUpto + 1)
                throw new InvalidOperationException($"The index ends at {IndexedUpto} and can't go on at {segments[0].FirstPosition}.");
            var count = segments[^1].LastPosition - segments[0].FirstPosition + 1;
            runs.Add(new(run, RunState.Listed, 0, segments[0].FirstPosition, segments[^1].LastPosition, count, count));
            WritePart(run, RunPart.Streams, segments);
            WritePart(run, RunPart.Commands, segments);
            var last = segments[^1].Rows[^1];
            update.Bind(1, segments[^1].LastPosition);
            update.Bind(2, last.Stream.Stored);
            update.Bind(3, last.Version);
            update.Bind(4, last.Command.Stored);
            update.Run();
            Commit(run + 1, listChanged: true);
            IndexedUpto = segments[^1].LastPosition;
        }
        catch (SqliteFault)
        {
            GiveUp();
            throw;
        }
    }

    /// <summary>Does a slice of what is due.</summary>
    /// <returns>About how many entries it could have written in that time.</returns>
    public long Tend()
    {
        if (!listKnown) Know(runs.Read());
        if (!Due) return 0;
        return Filters.Due ? Filters.Make(blocks, (long)options.IndexSliceEntries * Cheaper) / Cheaper : Merge();
    }

    /// <summary>Moves what is in the WAL into the file, before an orderly stop.</summary>
    public void Checkpoint() => db.Checkpoint(SQLitePCL.raw.SQLITE_CHECKPOINT_TRUNCATE);

    public void Dispose() => db.Dispose();

    /// <summary>Does a slice of a merge, or of deleting what was merged, in one transaction.</summary>
    private long Merge()
    {
        try
        {
            var nextRun = Begin();
            var work = RunMerger.Due(runs.Read());
            if (work is null)
            {
                Commit(nextRun, listChanged: false);
                return 0;
            }

            if (work.Merging is null)
            {
                var deleted = merger.Delete(work.Run!, JournalLimits.IndexDeleteSliceBlocks);
                Commit(nextRun, listChanged: false);
                return (long)deleted * RunBlock.EntriesUsual / Cheaper;
            }

            var output = work.Run ?? merger.Begin(work.Merging, nextRun++);
            var (written, complete) = merger.Merge(output, work.Merging, options.IndexSliceEntries);
            Commit(nextRun, listChanged: complete);
            return written;
        }
        catch (SqliteFault)
        {
            GiveUp();
            throw;
        }
    }

    /// <returns>The id of the next run.</returns>
    private long Begin()
    {
        begin.Run();
        try
        {
            if (!counters.Step()) throw new SqliteFault(SQLitePCL.raw.SQLITE_CORRUPT, "index.db has no state");
            writer.NextBlock = counters.Int64(1);
            IndexedUpto = counters.Int64(2);
            return counters.Int64(0);
        }
        finally
        {
            counters.Reset();
        }
    }

    private void Commit(long nextRun, bool listChanged)
    {
        updateCounters.Bind(1, nextRun);
        updateCounters.Bind(2, writer.NextBlock);
        updateCounters.Bind(3, listChanged ? 1 : 0);
        updateCounters.Run();
        var known = runs.Read();
        options.IndexFault?.Invoke(CommitStage.BeforeCommit);
        commit.Run();
        options.IndexFault?.Invoke(CommitStage.AfterCommit);
        Know(known);
    }

    private void Know(List<Run> known)
    {
        mergeDue = RunMerger.Due(known) is not null;
        Volatile.Write(ref runCount, known.Count(run => run.State == RunState.Listed));
        Filters.Choose(known);
        listKnown = true;
    }

    /// <summary>After a fault it is for the file to say what was committed.</summary>
    private void GiveUp()
    {
        listKnown = false;
        db.Rollback();
    }

    private void WritePart(long run, RunPart part, ReadOnlySpan<TailSegment> segments)
    {
        sorter.Sort(segments, part);
        var first = segments[0].FirstPosition;
        var count = (int)(segments[^1].LastPosition - first + 1);
        writer.Begin(run, part);
        for (var i = 0; i < count; i++)
        {
            var row = sorter.Rows[i];
            writer.Add(new(sorter.Hashes[i], part == RunPart.Streams ? TailSegment.RowAt(segments, row).Version : 0, first + row));
        }

        writer.Flush();
    }

    /// <summary>The file as it is; a connection to one that turns out to be unusable must not outlive it, since the file is deleted next.</summary>
    private static IndexFile Found(string path, SqliteJournalOptions options)
    {
        var db = OpenWriting(path, options);
        try
        {
            return new(db, options);
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }

    /// <summary>True when the last entry in here is that very entry of the journal: a journal brought back from a backup may have gone another way since.</summary>
    private bool FollowsFrom(Db journal, long head)
    {
        if (IndexedUpto == 0) return true;
        if (IndexedUpto > head) return false;
        using var state = db.Prepare("SELECT last_stream, last_version, last_command FROM state WHERE id = 1");
        using var entry = journal.Prepare("SELECT stream, version, command FROM entries WHERE position = ?");
        entry.Bind(1, IndexedUpto);
        if (!state.Step() || !entry.Step()) return false;
        var stream = Seed.Stream(entry.Bytes(0));
        return state.Int64(0) == stream.Stored
            && state.Int64(1) == entry.Int64(1)
            && state.Int64(2) == Seed.Command(stream, entry.Bytes(2)).Stored;
    }

    private static void Create(string path)
    {
        using var created = Db.OpenOrCreate(path);
        created.Execute("PRAGMA page_size=4096");
        created.Execute("PRAGMA journal_mode=WAL");
        var seed = HashSeed.Draw();
        created.Execute("BEGIN IMMEDIATE");
        created.Execute($"PRAGMA application_id={ApplicationId}");
        foreach (var table in Tables.Split(';')) created.Execute(table);
        using (var state = created.Prepare("INSERT INTO state VALUES(1, ?, ?, 0, 0, 0, 0, 1, 1, 1)"))
        {
            unchecked
            {
                state.Bind(1, (long)seed.First);
                state.Bind(2, (long)seed.Second);
            }

            state.Run();
        }

        created.Execute($"PRAGMA user_version={Format}");
        created.Execute("COMMIT");
    }

    private static Db OpenWriting(string path, SqliteJournalOptions options)
    {
        var db = Db.OpenExisting(path);
        try
        {
            if (db.QueryInt64("PRAGMA application_id") != ApplicationId || db.QueryInt64("PRAGMA user_version") != Format)
                throw new SqliteFault("index.db is of another format");

            // NORMAL may lose the last transactions in a power cut, never half of one; the entries are then indexed again from the journal.
            db.Execute("PRAGMA synchronous=NORMAL");
            db.Execute("PRAGMA wal_autocheckpoint=4000");
            db.Execute("PRAGMA journal_size_limit=67108864");
            db.Execute("PRAGMA cache_size=-32000");
            if (options.IndexMaxPageCount > 0) db.Execute($"PRAGMA max_page_count={options.IndexMaxPageCount}");
            return db;
        }
        catch
        {
            db.Dispose();
            throw;
        }
    }
}

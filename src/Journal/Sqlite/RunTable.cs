namespace ChainCrm.Journal.Sqlite;

/// <summary>The table that says which runs there are, over the writing connection. Nothing of it is kept in memory, so a transaction that is rolled back
/// leaves nothing to be put right. Used by the index thread.</summary>
internal sealed class RunTable
{
    private readonly Statement all, insert, setState, addWritten, delete;

    public RunTable(Db db)
    {
        all = db.Prepare("SELECT run, state, level, first_position, last_position, streams, commands FROM runs ORDER BY first_position, last_position, run");
        insert = db.Prepare("INSERT INTO runs(run, state, level, first_position, last_position, streams, commands) VALUES(?, ?, ?, ?, ?, ?, ?)");
        setState = db.Prepare("UPDATE runs SET state = ? WHERE run = ?");
        addWritten = db.Prepare("UPDATE runs SET streams = streams + ?, commands = commands + ? WHERE run = ?");
        delete = db.Prepare("DELETE FROM runs WHERE run = ?");
    }

    /// <summary>All runs in the order of the journal.</summary>
    public List<Run> Read()
    {
        List<Run> runs = [];
        try
        {
            while (all.Step())
            {
                runs.Add(new(all.Int64(0), (RunState)(int)all.Int64(1), (int)all.Int64(2), all.Int64(3), all.Int64(4), all.Int64(5), all.Int64(6)));
            }
        }
        finally
        {
            all.Reset();
        }

        return runs;
    }

    public void Add(Run run)
    {
        insert.Bind(1, run.Id);
        insert.Bind(2, (long)run.State);
        insert.Bind(3, run.Level);
        insert.Bind(4, run.FirstPosition);
        insert.Bind(5, run.LastPosition);
        insert.Bind(6, run.Streams);
        insert.Bind(7, run.Commands);
        insert.Run();
    }

    public void SetState(long run, RunState state)
    {
        setState.Bind(1, (long)state);
        setState.Bind(2, run);
        setState.Run();
    }

    public void AddWritten(long run, long streams, long commands)
    {
        addWritten.Bind(1, streams);
        addWritten.Bind(2, commands);
        addWritten.Bind(3, run);
        addWritten.Run();
    }

    public void Delete(long run)
    {
        delete.Bind(1, run);
        delete.Run();
    }
}

/// <summary>A run: the entries of a range of positions, sorted by stream and by command.</summary>
/// <param name="Id">Never given again within a file.</param>
/// <param name="State">Whether look-ups ask it.</param>
/// <param name="Level">How many merges its entries have been through.</param>
/// <param name="FirstPosition">Of its first entry in the journal.</param>
/// <param name="LastPosition">Of its last entry in the journal.</param>
/// <param name="Streams">Entries written to its part of streams so far.</param>
/// <param name="Commands">Entries written to its part of commands so far.</param>
internal sealed record Run(long Id, RunState State, int Level, long FirstPosition, long LastPosition, long Streams, long Commands)
{
    public long Count => LastPosition - FirstPosition + 1;

    /// <summary>True when the range of the other lies in this one's.</summary>
    public bool Covers(Run other) => FirstPosition <= other.FirstPosition && other.LastPosition <= LastPosition;
}

/// <summary>The life of a run. The numbers are in the file.</summary>
internal enum RunState
{
    /// <summary>A merge is writing it; its sources are asked as long.</summary>
    Merging = 0,

    /// <summary>Look-ups ask it.</summary>
    Listed = 1,

    /// <summary>Merged into another one; its blocks are being deleted.</summary>
    Retired = 2,
}
